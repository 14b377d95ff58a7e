import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The steps that `npm start` and `npm test` share. Node alone: this runs before anything is installed. */

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => path.join(root, ...parts)
const bin = (name) => at('node_modules', name)

/** A failure with its reason and mend; printed as it is, without a stack. */
export class StepError extends Error {
  constructor(message, options) {
    super(message, options)
    this.name = 'StepError'
  }
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Runs one step, printing its name and time. `work` returns a note (why it was skipped, what it did) or nothing. */
export async function step(name, work) {
  const since = performance.now()
  const note = await work()
  process.stdout.write(`  ${name.padEnd(22)} ${seconds(since).padStart(7)}${note ? `  ${note}` : ''}\n`)
}

/** Prints a StepError as its sentence, anything else with its stack, and ends with status 1. */
export function failWith(error) {
  process.stderr.write(`\n${error instanceof StepError ? error.message : (error?.stack ?? String(error))}\n`)
  process.exit(1)
}

/** Runs a program to its end, or for `limit` ms. Gives back its output, unless that is to `show`. */
export function run(command, args, { env = {}, show = false, limit } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, timeout: limit, env: { ...process.env, ...quiet, ...env }, stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text))
    const stop = () => child.kill('SIGTERM')
    process.once('exit', stop)
    child.on('error', reject)
    child.on('close', (code) => {
      process.off('exit', stop)
      resolve({ code: code ?? 1, output })
    })
  })
}

// The native schema engine is replaced by scripts/prisma-engine, so nothing waits for its download.
const quiet = { NEXT_TELEMETRY_DISABLED: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1', npm_config_update_notifier: 'false' }

function filesUnder(entry) {
  const stat = fs.statSync(at(entry), { throwIfNoEntry: false })
  if (!stat) return []
  if (!stat.isDirectory()) return [entry]
  return fs.readdirSync(at(entry)).sort().flatMap((name) => filesUnder(path.join(entry, name)))
}

/** Hexadecimal SHA-256 over paths and contents of files and folders (relative to the root), and `extra`. */
export function digestOf(entries, { skip = () => false, extra = '' } = {}) {
  const hash = createHash('sha256').update(extra)
  for (const file of entries.flatMap(filesUnder)) {
    if (skip(file)) continue
    const content = fs.readFileSync(at(file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

const readStamp = (file) => (fs.existsSync(at(file)) ? fs.readFileSync(at(file), 'utf8') : '')
function writeStamp(file, digest) {
  fs.mkdirSync(path.dirname(at(file)), { recursive: true })
  fs.writeFileSync(at(file), digest)
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new StepError(`Latchkey needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node from https://nodejs.org and try again.`)
}

/** Whether what stands in node_modules is what the lockfile names; npm writes its own record there last. */
function installed() {
  const record = at('node_modules/.package-lock.json')
  if (!fs.existsSync(record)) return false
  const wanted = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8')).packages
  const found = JSON.parse(fs.readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([folder, { version, optional }]) => {
    if (folder === '') return true
    const there = found[folder]
    if (!there) return optional === true
    return there.version === version && fs.existsSync(at(folder, 'package.json'))
  })
}

function installFailure(output) {
  const [, code = ''] = /npm error code (\S+)/.exec(output) ?? []
  const last = output.trim().split('\n').slice(-15).join('\n')
  if (/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)$/.test(code)) {
    return `The package registry cannot be reached (${code}), so the dependencies cannot be installed. Check the network, or point npm at a registry you reach: npm config set registry <address>.`
  }
  if (code === 'ENOSPC') return 'The dependencies cannot be installed: the disk is full. Free about 1 GB and try again.'
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return `The dependencies cannot be installed: ${root} cannot be written (${code}). Change its owner, or work in a copy of your own.`
  return `The dependencies cannot be installed. What npm said last:\n${last}`
}

/**
 * Installs the dependencies as locked, those of the tests too: npm would leave them out of a production start, and the next
 * look would find them missing. Install scripts are left out: none is needed, and one waits for a download.
 */
export async function install() {
  if (installed()) return 'up to date'
  const { code, output } = await run('npm', ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) throw new StepError(installFailure(output))
  return 'installed as locked'
}

const CLIENT_STAMP = 'lib/db/generated/.digest'

/** Generates the database client, if the schema or Prisma changed since. */
export async function generate() {
  const digest = digestOf(['prisma/schema.prisma', 'node_modules/prisma/package.json'])
  if (readStamp(CLIENT_STAMP) === digest) return 'up to date'
  const { code, output } = await run(process.execPath, [bin('prisma/build/index.js'), 'generate'])
  if (code !== 0) throw new StepError(`The database client cannot be generated from prisma/schema.prisma:\n${output.trim()}`)
  writeStamp(CLIENT_STAMP, digest)
  return 'generated'
}

const BUILD_STAMP = '.next/latchkey-digest'
const BUILD_INPUTS = ['app', 'components', 'lib', 'public', 'proxy.ts', 'instrumentation.ts', 'next.config.js', 'postcss.config.mjs', 'tsconfig.json', 'package-lock.json', 'prisma/schema.prisma']
const notBuilt = (file) => /\.test\.tsx?$/.test(file) || file.startsWith(path.join('lib', 'db', 'generated'))

/** Builds the pages for production, if anything that goes into them changed since. */
export async function build() {
  const digest = digestOf(BUILD_INPUTS, { skip: notBuilt })
  if (fs.existsSync(at('.next/BUILD_ID')) && readStamp(BUILD_STAMP) === digest) return 'up to date'
  fs.rmSync(at(BUILD_STAMP), { force: true })
  const { code, output } = await run(process.execPath, [bin('next/dist/bin/next'), 'build'], { env: { NODE_ENV: 'production' } })
  if (code !== 0) {
    const reason = /ENOSPC/.test(output) ? 'the disk is full. Free some space and try again.' : `what Next said last:\n${output.trim().split('\n').slice(-40).join('\n')}`
    throw new StepError(`The pages cannot be built: ${reason}`)
  }
  writeStamp(BUILD_STAMP, digest)
  return 'built'
}

/** Brings the database up to this version. */
export async function migrate() {
  const { code, output } = await run(process.execPath, ['--import', 'tsx', at('scripts/migrate.ts')])
  if (code !== 0) throw new StepError(output.trim())
  return output.trim()
}
