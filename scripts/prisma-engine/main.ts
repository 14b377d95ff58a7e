import fs from 'node:fs'
import readline from 'node:readline'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { z } from 'zod'
import { embeddedDirectory, type Datasource } from './adapters'
import { engineCommit, openEngine, type OpenEngine } from './engine'

/**
 * Speaks the native schema engine's command line and its JSON-RPC over stdio (prisma-engines, schema-engine/cli), backed by the
 * WebAssembly build of the same engine, so that the unmodified Prisma CLI works where the native one cannot be downloaded and
 * on the embedded database.
 */

const Request = z.object({ id: z.union([z.string(), z.number()]), method: z.string().optional(), params: z.unknown().optional() })
const Failure = z.object({ message: z.string().catch(''), code: z.string().nullable().catch(null), meta: z.unknown().optional() })
const SourceArgument = z.object({ url: z.string().optional(), shadowDatabaseUrl: z.string().optional() })

const write = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

const engineMethods: Record<string, string> = { getDatabaseVersion: 'version' }

/** Answers requests in order until stdin closes, then closes the database. */
function serve(datasource: Datasource, datamodels: [string, string][]): void {
  let opening: Promise<OpenEngine> | undefined
  let queue = Promise.resolve()
  const printed = new Map<string, () => void>()
  let prints = 0

  const print = (content: string): Promise<void> => {
    prints += 1
    const id = `print-${String(prints)}`
    const answered = new Promise<void>((resolve) => printed.set(id, resolve))
    write({ id, method: 'print', params: { content } })
    return answered
  }

  const call = async (name: string, params: unknown): Promise<unknown> => {
    const { engine } = await (opening ??= openEngine(datasource, datamodels.length === 0 ? undefined : datamodels))
    const method: unknown = Reflect.get(engine, engineMethods[name] ?? name)
    if (typeof method !== 'function') throw new Error(`The schema engine has no method ${name}.`)
    const result: unknown = await Reflect.apply(method, engine, [params])
    if (name !== 'diff') return result ?? null
    const { stdout, ...rest } = z.looseObject({ stdout: z.string().nullish() }).parse(result)
    if (stdout) await print(stdout.replace(/\n$/, ''))
    return rest
  }

  const answer = async (id: string | number, method: string, params: unknown): Promise<void> => {
    try {
      write({ id, result: await call(method, params) })
    } catch (error) {
      const cause = opening === undefined ? error : await opening.then((open) => open.cause(error)).catch(() => error)
      const { message, code, meta } = Failure.parse(cause)
      write({ id, error: { code: 4466, message: 'The schema engine failed.', data: { is_panic: false, message, error_code: code, meta: meta ?? null } } })
    }
  }

  const finish = (): void => {
    queue = queue.then(async () => {
      const open = await opening?.catch(() => undefined)
      opening = undefined
      await open?.close()
      process.exit(0)
    })
  }

  readline
    .createInterface({ input: process.stdin })
    .on('line', (line) => {
      if (line.trim() === '') return
      const { id, method, params } = Request.parse(JSON.parse(line))
      if (method === undefined) printed.get(String(id))?.()
      else queue = queue.then(() => answer(id, method, params))
    })
    .on('close', finish)
  process.on('SIGTERM', finish) // the CLI sends it while work is still queued
}

const connectionCodes: Record<string, string> = { '3D000': 'P1003', '28P01': 'P1000', '28000': 'P1000', '42P04': 'P1009' }

/** `cli can-connect-to-database | create-database | drop-database`; the outcome goes to stderr as the native engine's log lines. */
async function manage(command: string | undefined, url: string): Promise<number> {
  if (embeddedDirectory(url) !== null) return 0
  const target = new URL(url)
  const name = decodeURIComponent(target.pathname.slice(1))
  const server = new URL(url)
  server.pathname = '/postgres'
  const client = new pg.Client({ connectionString: command === 'can-connect-to-database' ? url : server.toString() })
  try {
    await client.connect()
    if (command === 'create-database') await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
    if (command === 'drop-database') await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`)
    await client.end()
    return 0
  } catch (error) {
    const code = connectionCodes[Failure.parse(error).code ?? ''] ?? 'P1001'
    const message = code === 'P1003' ? `Database \`${name}\` does not exist` : `Can't reach database server at \`${target.host}\``
    const line = (level: string, target_: string, fields: object): string => `${JSON.stringify({ level, target: target_, fields })}\n`
    process.stderr.write(line('INFO', 'schema_engine', { message: 'started' }))
    process.stderr.write(line('ERROR', 'schema_engine::logger', { is_panic: false, error_code: code, message }))
    return 1
  }
}

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    version: { type: 'boolean' },
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    'extension-types': { type: 'string' },
  },
})
const datasource = SourceArgument.parse(JSON.parse(typeof values.datasource === 'string' ? values.datasource : '{}')) as Datasource
const files = (values.datamodels ?? []).filter((file) => typeof file === 'string')

if (values.version === true) process.stdout.write(`schema-engine-cli ${engineCommit()}\n`)
else if (positionals[0] === 'cli') process.exitCode = await manage(positionals[1], datasource.url ?? '')
else serve(datasource, files.map((file) => [file, fs.readFileSync(file, 'utf8')]))
