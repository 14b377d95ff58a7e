import fs from 'node:fs'
import path from 'node:path'
import { listMigrations, migrationsDir } from '@/lib/db/migrations'
import type { Datasource } from './adapters'
import { openEngine } from './engine'

/**
 * Applies the migrations that the database lacks, with Prisma's own engine and its table of applied migrations.
 * @returns the names of those applied.
 * @throws the database's error when a migration fails.
 */
export async function applyMigrations(datasource: Datasource): Promise<string[]> {
  const baseDir = migrationsDir()
  const { engine, cause, close } = await openEngine(datasource)
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: {
        baseDir,
        lockfile: { path: 'migration_lock.toml', content: fs.readFileSync(path.join(baseDir, 'migration_lock.toml'), 'utf8') },
        shadowDbInitScript: '',
        migrationDirectories: listMigrations().map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } catch (error) {
    throw cause(error)
  } finally {
    await close()
  }
}
