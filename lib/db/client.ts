import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { env } from '@/lib/env'
import { openEmbedded } from './embedded'
import { PrismaClient, type Prisma } from './generated/client'
import { schemaProblem, schemaState } from './migrations'

/** The client itself, which can begin transactions. */
export type Database = PrismaClient

/** What runs inside `db().$transaction(async (tx) => ...)`. */
export type Tx = Prisma.TransactionClient

/**
 * What a function takes that works inside a transaction and outside. The embedded database has one connection: inside a
 * transaction every query goes through its `Tx`, since one on the outer client would wait for the transaction to end.
 */
export type Db = PrismaClient | Tx

interface Connection {
  pool: pg.Pool
  close(): Promise<void>
}

interface Opened {
  client: PrismaClient
  connection: () => Promise<Connection>
}

const KEY = Symbol.for('latchkey.database')
const POOL_SIZE = 10
const CONNECT_TIMEOUT_MS = 10_000

async function connect(): Promise<Connection> {
  const { DATABASE_URL, dataDir } = env()
  if (DATABASE_URL === undefined) return openEmbedded(path.join(dataDir, 'db'))
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: POOL_SIZE, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  pool.on('error', () => undefined) // an idle connection broke; the next query takes another
  return { pool, close: () => pool.end() }
}

function schemaName(): string {
  const { DATABASE_URL } = env()
  return (DATABASE_URL === undefined ? null : new URL(DATABASE_URL).searchParams.get('schema')) ?? 'public'
}

/** A client on a pool. Waits and runs longer than Prisma's defaults, as the embedded database takes one transaction at a time. */
export function clientOn(connection: () => Promise<pg.Pool>, schema = 'public'): PrismaClient {
  return new PrismaClient({
    adapter: {
      provider: 'postgres',
      adapterName: '@prisma/adapter-pg',
      connect: async () => new PrismaPg(await connection(), { schema }).connect(),
    },
    transactionOptions: { maxWait: 10_000, timeout: 20_000 },
    errorFormat: 'minimal',
  })
}

function open(): Opened {
  let opening: Promise<Connection> | undefined
  const connection = (): Promise<Connection> =>
    (opening ??= connect().catch((error: unknown) => {
      opening = undefined
      throw error
    }))
  return { client: clientOn(async () => (await connection()).pool, schemaName()), connection }
}

const slot = globalThis as { [KEY]?: Opened }

/**
 * The database of this process: the one at DATABASE_URL, else the embedded one in the data directory.
 * Opens with the first query; queries throw DatabaseError when the embedded one cannot be opened.
 */
export function db(): PrismaClient {
  return (slot[KEY] ??= open()).client
}

/** Why the database cannot serve, in a sentence for people; null when it is reachable and of this version. */
export async function databaseProblem(): Promise<string | null> {
  slot[KEY] ??= open()
  const { pool } = await slot[KEY].connection()
  return schemaProblem(await schemaState(pool))
}

/** Closes the database, once no query runs any more. A later `db()` opens it again. */
export async function closeDb(): Promise<void> {
  const opened = slot[KEY]
  if (opened === undefined) return
  delete slot[KEY]
  await opened.client.$disconnect()
  await (await opened.connection()).close()
}
