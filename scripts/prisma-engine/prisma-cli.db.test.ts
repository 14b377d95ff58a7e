import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbedded } from '@/lib/db/embedded'
import { listMigrations, schemaState } from '@/lib/db/migrations'
import { testPostgres } from '@/lib/db/testing'
import { applyMigrations } from './migrate'

const place = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey prisma '))
afterAll(() => {
  fs.rmSync(place, { recursive: true, force: true })
})

/** Prisma's own command line, unmodified. */
function prisma(url: string | undefined, ...args: string[]): Promise<{ code: number; output: string }> {
  const env: NodeJS.ProcessEnv = { ...process.env, LATCHKEY_DATA: path.join(place, 'data'), DATABASE_URL: url, CHECKPOINT_DISABLE: '1' }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['node_modules/prisma/build/index.js', ...args], { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr })
    })
  })
}

describe.each(['embedded', 'postgres'] as const)('Prisma’s command line (%s)', (kind) => {
  if (kind === 'postgres' && testPostgres === undefined) {
    it.skip('needs LATCHKEY_TEST_POSTGRES, the URL of a PostgreSQL server')
    return
  }
  const name = `latchkey_cli_${randomUUID().replaceAll('-', '')}`
  let url: string | undefined
  beforeAll(() => {
    if (kind === 'embedded' || testPostgres === undefined) return
    const target = new URL(testPostgres)
    target.pathname = `/${name}`
    url = target.toString()
  })
  afterAll(async () => {
    if (url === undefined) return
    const client = new pg.Client({ connectionString: testPostgres })
    await client.connect()
    await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
    await client.end()
  })

  it('applies the migrations, making the database, and then finds nothing to do', async () => {
    const first = await prisma(url, 'migrate', 'deploy')
    expect(first.output).toContain('All migrations have been successfully applied')
    expect((await prisma(url, 'migrate', 'deploy')).output).toContain('No pending migrations')
    const status = await prisma(url, 'migrate', 'status')
    expect(status).toMatchObject({ code: 0, output: expect.stringContaining('Database schema is up to date') as string })
  }, 120_000)

  it('finds the migrations and the schema alike', async () => {
    const diff = await prisma(url, 'migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma', '--exit-code')
    expect(diff.output).toContain('No difference detected')
    expect(diff.code).toBe(0)
  }, 120_000)

  it('shows a schema that has drifted from its migrations', async () => {
    const drifted = path.join(place, 'drifted.prisma')
    fs.writeFileSync(drifted, `${fs.readFileSync('prisma/schema.prisma', 'utf8')}\nmodel Drift {\n  id Int @id\n}\n`)
    const diff = await prisma(url, 'migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', drifted, '--exit-code', '--script')
    expect(diff.output).toContain('CREATE TABLE "Drift"')
    expect(diff.code).toBe(2)
  }, 120_000)
})

describe('the state of a database', () => {
  it('is behind, then current, then newer, changed or failed as its record says', async () => {
    const directory = path.join(place, 'state')
    expect(await applyMigrations({ url: `pglite:${directory}` })).toEqual(listMigrations().map(({ name }) => name))
    expect(await applyMigrations({ url: `pglite:${directory}` })).toEqual([])
    const { pool, close } = await openEmbedded(directory)
    expect(await schemaState(pool)).toEqual({ kind: 'current' })
    const next = { name: '20990101000000_next', sql: '', checksum: 'c' }
    expect(await schemaState(pool, [...listMigrations(), next])).toEqual({ kind: 'behind', names: [next.name] })
    expect(await schemaState(pool, [])).toMatchObject({ kind: 'newer' })
    expect(await schemaState(pool, listMigrations().map((migration) => ({ ...migration, checksum: 'other' })))).toMatchObject({ kind: 'changed' })
    await pool.query('UPDATE _prisma_migrations SET finished_at = NULL')
    expect(await schemaState(pool)).toMatchObject({ kind: 'failed' })
    await pool.query('DROP TABLE _prisma_migrations')
    expect(await schemaState(pool)).toEqual({ kind: 'foreign' })
    await close()
  }, 120_000)
})
