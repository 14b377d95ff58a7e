import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build, checkNode, failWith, generate, install, migrate, root, step } from './steps.mjs'

/** `npm run bench`: sets up what is missing, then measures on a data directory of its own. bench/README.md tells the method. */

async function main() {
  const since = performance.now()
  checkNode()
  process.chdir(root)
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-bench-'))
  process.once('exit', () => fs.rmSync(data, { recursive: true, force: true }))
  let stop = () => process.exit(1)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop())
  // Settings of whoever runs it would change what is measured.
  for (const name of Object.keys(process.env)) if (name.startsWith('LATCHKEY_') || name === 'DATABASE_URL') delete process.env[name]
  Object.assign(process.env, { LATCHKEY_DATA: path.join(data, 'migrated'), LATCHKEY_LOG_LEVEL: 'error', NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', BENCH_DATA: data })
  process.stdout.write('Setting up the bench\n')
  await step('Dependencies', install)
  await step('Database client', generate)
  await step('Pages', build)
  await step('Database', migrate)
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'bench', 'main.ts')], { stdio: 'inherit' })
  stop = () => child.kill('SIGTERM')
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
  process.stdout.write(`\nThe bench took ${((performance.now() - since) / 1000).toFixed(0)} s.\n`)
}

await main().catch(failWith)
