import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { applyMigrations } from '@/scripts/prisma-engine/migrate'
import { clientOn } from './client'
import { openEmbedded } from './embedded'
import type { PrismaClient } from './generated/client'
import { listMigrations } from './migrations'

export interface FreshDatabase {
  db: PrismaClient
  pool: pg.Pool
  close(): Promise<void>
}

/** PostgreSQL's code for a database that somebody is connected to. */
const IN_USE = '55006'
const cacheDir = path.resolve('node_modules/.cache/latchkey')

/**
 * An empty database of its own for a test file, with every migration applied: on the server at LATCHKEY_TEST_POSTGRES when
 * `on` says so, else embedded and in memory. The same database also answers `db()` until it is closed.
 */
export async function freshDatabase(on: 'embedded' | 'postgres' = 'embedded'): Promise<FreshDatabase> {
  const { pool, close } = on === 'postgres' ? await onServer(testServer()) : await inMemory()
  const client = clientOn(() => Promise.resolve(pool))
  const restore = become(client, pool)
  return {
    db: client,
    pool,
    close: async () => {
      restore()
      await client.$disconnect()
      await close()
    },
  }
}

/** The URL of the PostgreSQL server for tests, or undefined: such tests are then skipped. */
export const testPostgres = process.env['LATCHKEY_TEST_POSTGRES']

function testServer(): string {
  if (testPostgres === undefined) throw new Error('LATCHKEY_TEST_POSTGRES names no server.')
  return testPostgres
}

function become(client: PrismaClient, pool: pg.Pool): () => void {
  const slot = globalThis as unknown as Record<symbol, unknown>
  const key = Symbol.for('latchkey.database')
  const before = slot[key]
  slot[key] = { client, connection: () => Promise.resolve({ pool, close: () => Promise.resolve() }) }
  return () => {
    slot[key] = before
  }
}

/** A migrated data directory, kept by the migrations' digest, since restoring one takes a fraction of migrating. */
async function image(): Promise<Blob> {
  const digest = createHash('sha256').update(JSON.stringify(listMigrations())).digest('hex').slice(0, 16)
  const file = path.join(cacheDir, `migrated-${digest}.tar`)
  if (!fs.existsSync(file)) {
    const directory = path.join(cacheDir, `making-${randomUUID()}`)
    await applyMigrations({ url: `pglite:${directory}` })
    const { dump, close } = await openEmbedded(directory)
    const made = await dump()
    await close()
    fs.rmSync(directory, { recursive: true })
    fs.rmSync(`${directory}.lock`, { recursive: true, force: true })
    fs.writeFileSync(`${directory}.tar`, Buffer.from(await made.arrayBuffer()))
    fs.renameSync(`${directory}.tar`, file)
  }
  return new Blob([fs.readFileSync(file)])
}

const inMemory = async (): Promise<{ pool: pg.Pool; close: () => Promise<void> }> => openEmbedded(null, await image())

async function onServer(server: string): Promise<{ pool: pg.Pool; close: () => Promise<void> }> {
  const name = `latchkey_test_${randomUUID().replaceAll('-', '')}`
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await admin(`CREATE DATABASE "${name}"`)
  const url = new URL(server)
  url.pathname = `/${name}`
  await applyMigrations({ url: url.toString() })
  const pool = new pg.Pool({ connectionString: url.toString(), max: 10 })
  return {
    pool,
    close: async () => {
      await pool.end()
      // Connections end a moment after the pool says so; cutting them off would make them fail.
      for (let left = 100; ; left--) {
        const done = await admin(`DROP DATABASE "${name}"`).then(
          () => true,
          (error: unknown) => {
            if (left === 0 || !(error instanceof pg.DatabaseError) || error.code !== IN_USE) throw error
            return false
          },
        )
        if (done) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
  }
}
