import { randomUUID } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum, type SqlDriverAdapter, type SqlMigrationAwareDriverAdapterFactory, type SqlQueryable } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { openEmbedded } from '@/lib/db/embedded'

const PGLITE = 'pglite:'
const CHAR_OID = 18
const TEXT_OID = 25
const CHAR_MARK = '\u0000char'

/** The directory of an embedded database's URL (`pglite:<directory>`), or null for any other URL. */
export const embeddedDirectory = (url: string): string | null => (url.startsWith(PGLITE) ? url.slice(PGLITE.length) : null)

interface RowDescription {
  fields: { name: string; dataTypeID: number }[]
}

/**
 * The schema engine reads catalog columns of type "char", which adapter-pg refuses (prisma/orm#27403): they pass as marked text,
 * and the mark becomes the engine's Character type again.
 */
function markChars(pool: pg.Pool): pg.Pool {
  pool.on('connect', (client: pg.PoolClient & { connection?: EventEmitter }) => {
    client.connection?.prependListener('rowDescription', ({ fields }: RowDescription) => {
      for (const field of fields) {
        if (field.dataTypeID !== CHAR_OID) continue
        field.dataTypeID = TEXT_OID
        field.name += CHAR_MARK
      }
    })
  })
  return pool
}

function unmarkChars<Q extends SqlQueryable>(queryable: Q): Q {
  const queryRaw = queryable.queryRaw.bind(queryable)
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query)
    const marked = result.columnNames.map((name) => name.endsWith(CHAR_MARK))
    return {
      ...result,
      columnNames: result.columnNames.map((name) => name.replace(CHAR_MARK, '')),
      columnTypes: result.columnTypes.map((type, index) => (marked[index] === true ? ColumnTypeEnum.Character : type)),
    }
  }
  return queryable
}

async function adapt(pool: pg.Pool, schema: string, dispose: () => Promise<void>): Promise<SqlDriverAdapter> {
  const adapter = unmarkChars<SqlDriverAdapter>(await new PrismaPg(markChars(pool), { schema }).connect())
  const startTransaction = adapter.startTransaction.bind(adapter)
  adapter.startTransaction = async (isolation) => unmarkChars(await startTransaction(isolation))
  // adapter-pg cuts scripts at every semicolon, those in strings and function bodies too
  adapter.executeScript = async (script) => {
    await pool.query(script)
  }
  let disposed: Promise<void> | undefined
  adapter.dispose = () => (disposed ??= dispose())
  return adapter
}

interface Source {
  connect(): Promise<SqlDriverAdapter>
  connectToShadowDb(): Promise<SqlDriverAdapter>
}

function embeddedSource(directory: string): Source {
  const open = async (where: string | null): Promise<SqlDriverAdapter> => {
    const { pool, close } = await openEmbedded(where)
    return adapt(pool, 'public', close)
  }
  return { connect: () => open(directory), connectToShadowDb: () => open(null) }
}

function serverSource(url: string, shadowUrl: string | undefined): Source {
  const schema = new URL(url).searchParams.get('schema') ?? 'public'
  const open = (connectionString: string): Promise<SqlDriverAdapter> => {
    const pool = new pg.Pool({ connectionString, max: 1 })
    return adapt(pool, schema, () => pool.end())
  }
  return {
    connect: () => open(url),
    connectToShadowDb: async () => {
      if (shadowUrl !== undefined) return open(shadowUrl)
      const database = `prisma_migrate_shadow_db_${randomUUID()}`
      await asAdmin(url, `CREATE DATABASE "${database}"`)
      const shadow = new URL(url)
      shadow.pathname = `/${database}`
      const adapter = await open(shadow.toString())
      const dispose = adapter.dispose.bind(adapter)
      adapter.dispose = async () => {
        await dispose()
        await asAdmin(url, `DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`)
      }
      return adapter
    },
  }
}

async function asAdmin(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

export interface Datasource {
  url?: string
  shadowDatabaseUrl?: string
}

/** A driver adapter factory for the schema engine, and what closes everything it opened. */
export function adapterFactory(datasource: Datasource): { factory: SqlMigrationAwareDriverAdapterFactory; close: () => Promise<void> } {
  const url = datasource.url ?? 'postgresql://localhost/none'
  const directory = embeddedDirectory(url)
  const source = directory === null ? serverSource(url, datasource.shadowDatabaseUrl) : embeddedSource(directory)
  const opened = new Set<SqlDriverAdapter>()
  const remember = async (opening: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> => {
    const adapter = await opening
    opened.add(adapter)
    return adapter
  }
  return {
    factory: {
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: () => remember(source.connect()),
      connectToShadowDb: () => remember(source.connectToShadowDb()),
    },
    close: async () => {
      for (const adapter of opened) await adapter.dispose()
    },
  }
}
