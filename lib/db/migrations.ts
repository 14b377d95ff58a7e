import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type pg from 'pg'

export interface Migration {
  name: string
  sql: string
  /** As Prisma stores it: hexadecimal SHA-256 of the file. */
  checksum: string
}

export const migrationsDir = (): string => path.resolve('prisma/migrations')

/** The migrations of this version, oldest first. */
export function listMigrations(directory = migrationsDir()): Migration[] {
  return fs
    .readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = fs.readFileSync(path.join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/** How a database stands to the migrations of this version. `names` are the migrations that differ. */
export type SchemaState =
  | { kind: 'current' }
  | { kind: 'behind'; names: string[] }
  | { kind: 'newer'; names: string[] }
  | { kind: 'changed'; names: string[] }
  | { kind: 'failed'; names: string[] }
  | { kind: 'foreign' }

interface Applied {
  migration_name: string
  checksum: string
  finished_at: Date | null
}

/** Compares Prisma's own table of applied migrations with `migrations`. */
export async function schemaState(pool: pg.Pool | pg.Client, migrations: readonly Migration[] = listMigrations()): Promise<SchemaState> {
  const { rows: found } = await pool.query<{ recorded: boolean; tables: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS recorded,
            EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema()) AS tables`,
  )
  if (found[0]?.recorded !== true) {
    return found[0]?.tables === true ? { kind: 'foreign' } : { kind: 'behind', names: migrations.map(({ name }) => name) }
  }
  const { rows } = await pool.query<Applied>('SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL')
  const failed = rows.filter((row) => row.finished_at === null)
  if (failed.length > 0) return { kind: 'failed', names: failed.map((row) => row.migration_name) }
  const ours = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  const newer = rows.filter((row) => !ours.has(row.migration_name))
  if (newer.length > 0) return { kind: 'newer', names: newer.map((row) => row.migration_name) }
  const changed = rows.filter((row) => ours.get(row.migration_name) !== row.checksum)
  if (changed.length > 0) return { kind: 'changed', names: changed.map((row) => row.migration_name) }
  const applied = new Set(rows.map((row) => row.migration_name))
  const missing = migrations.filter(({ name }) => !applied.has(name))
  return missing.length > 0 ? { kind: 'behind', names: missing.map(({ name }) => name) } : { kind: 'current' }
}

/** Why a database in this state cannot be used, and what to do; null when it can. */
export function schemaProblem(state: SchemaState): string | null {
  switch (state.kind) {
    case 'current':
      return null
    case 'behind':
      return `The database lacks the migration ${state.names.join(', ')}. Run npm start, which applies it.`
    case 'newer':
      return `The database was made by a newer version of Latchkey (it has the migration ${state.names.join(', ')}). Run that version, or restore a backup.`
    case 'changed':
      return `The migration ${state.names.join(', ')} differs from the one that was applied to the database. Restore the released files of prisma/migrations.`
    case 'failed':
      return `The migration ${state.names.join(', ')} failed half-way. See "npx prisma migrate resolve", or restore a backup.`
    case 'foreign':
      return 'The database holds tables that are not of Latchkey. Point DATABASE_URL at an empty database.'
  }
}
