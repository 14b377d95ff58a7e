#!/usr/bin/env node
// Plain JavaScript, so that it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

if (!existsSync(path.join(root, 'node_modules', 'tsx', 'package.json'))) {
  process.stderr.write('latchkey: installing the dependencies once (npm ci)...\n')
  // What npm says goes to stderr: stdout belongs to the command.
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (npm.status !== 0) {
    process.stderr.write(`latchkey: npm ci failed in ${root}. Run it there by hand to see why.\n`)
    process.exit(npm.status ?? 1)
  }
}

const { tsImport } = await import('tsx/esm/api')
const { main } = await tsImport('../cli/main.ts', { parentURL: import.meta.url, tsconfig: path.join(root, 'tsconfig.json') })
process.exitCode = await main(process.argv.slice(2))
