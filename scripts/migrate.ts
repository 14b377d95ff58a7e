import path from 'node:path'
import pg from 'pg'
import { DatabaseError, openEmbedded } from '@/lib/db/embedded'
import { schemaProblem, schemaState, type SchemaState } from '@/lib/db/migrations'
import { env, SettingsError } from '@/lib/env'
import { loggable } from '@/lib/log'
import { applyMigrations } from './prisma-engine/migrate'

/** Applies what the database lacks and prints what it did; on failure prints a sentence and exits with 1. */

const embedded = (): string => path.join(env().dataDir, 'db')

async function stateOf(url: string | undefined): Promise<SchemaState> {
  if (url === undefined) {
    const { pool, close } = await openEmbedded(embedded())
    return schemaState(pool).finally(close)
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    return await schemaState(client)
  } catch (error) {
    throw unreachable(url, error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Says where the database is and why it cannot be used, without user or password. */
function unreachable(url: string, error: unknown): DatabaseError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer in 10 s'
  const { host, pathname } = new URL(url)
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there. Start the database',
    ENOTFOUND: 'there is no such host. Correct the name',
    EAI_AGAIN: 'the host name cannot be resolved. Check the network',
    '28P01': 'it refuses the user or the password. Correct them',
    '28000': 'it refuses the user. Correct the name, or let it in',
    '3D000': `it has no database ${decodeURIComponent(pathname.slice(1))}. Create that`,
    '53300': 'it takes no more connections. Free some, or raise its limit',
  }
  return new DatabaseError(`The database at ${host} (DATABASE_URL) cannot be used: ${reasons[code] ?? `it failed with ${code}. Look at its log`}, and try again.`, { cause: error })
}

function checkedUrl(): string | undefined {
  const url = env().DATABASE_URL
  if (url === undefined || /^postgres(ql)?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return url
  throw new DatabaseError('DATABASE_URL is not the URL of a PostgreSQL database; it looks like postgresql://user:password@host:5432/name. Leave it unset for the embedded database.')
}

async function apply(url: string | undefined): Promise<string[]> {
  try {
    return await applyMigrations({ url: url ?? `pglite:${embedded()}` })
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    const { code, message } = loggable(error)
    throw new DatabaseError(`The database could not be brought up to this version (${code ?? message}). It was left as it was before the migration that failed; see "npx prisma migrate status".`, {
      cause: error,
    })
  }
}

async function migrate(): Promise<string> {
  const url = checkedUrl()
  const state = await stateOf(url)
  if (state.kind === 'current') return 'up to date'
  const problem = schemaProblem(state)
  if (state.kind !== 'behind') throw new DatabaseError(problem ?? '')
  const applied = await apply(url)
  return `applied ${applied.join(', ')}`
}

try {
  console.log(await migrate())
} catch (error) {
  console.error(error instanceof DatabaseError || error instanceof SettingsError ? error.message : error)
  process.exitCode = 1
}
// The engine leaves the timer of its ten-second lock behind.
process.exit()
