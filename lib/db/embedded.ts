import fs from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { lockDirectory, LockedError } from './lock'
import { streamTo } from './wire'

/** The database cannot be opened. `message` says why and what to do, for people. */
export class DatabaseError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'DatabaseError'
  }
}

export interface Embedded {
  /** One connection: PGlite has a single session. */
  pool: pg.Pool
  database: PGlite
  close(): Promise<void>
}

const PG_VERSION = '18'

/**
 * PostgreSQL inside this process (PGlite), reached through the ordinary `pg` driver.
 * @param directory where it is kept, or null for one in memory.
 * @param image a data directory dumped before, for one in memory.
 * @throws DatabaseError when it is in use, corrupted, of another PostgreSQL version, or not writable.
 */
export async function openEmbedded(directory: string | null, image?: Blob): Promise<Embedded> {
  const release = directory === null ? () => undefined : await hold(directory)
  try {
    const database = await open(directory, image)
    const pool = new pg.Pool({ user: 'postgres', database: 'postgres', max: 1, idleTimeoutMillis: 0, stream: streamTo(database) })
    pool.on('error', () => undefined) // the next query reports it
    const close = async (): Promise<void> => {
      if (!pool.ended) await pool.end()
      if (!database.closed) await database.close()
      release()
    }
    return { pool, database, close }
  } catch (error) {
    release()
    throw error
  }
}

async function hold(directory: string): Promise<() => void> {
  try {
    return await lockDirectory(`${directory}.lock`)
  } catch (error) {
    if (error instanceof LockedError) {
      throw new DatabaseError(
        `The embedded database ${directory} is in use by ${error.holder}. Stop that server first, or give this one a directory of its own with LATCHKEY_DATA.`,
        { cause: error },
      )
    }
    throw unwritable(directory, error)
  }
}

async function open(directory: string | null, image: Blob | undefined): Promise<PGlite> {
  if (directory === null) return PGlite.create('memory://', image === undefined ? {} : { loadDataDir: image })
  refuseOtherVersion(directory)
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
    fs.accessSync(directory, fs.constants.W_OK)
    return await PGlite.create(directory)
  } catch (error) {
    if (isSystemError(error)) throw unwritable(directory, error)
    throw new DatabaseError(
      `The embedded database ${directory} cannot be opened: its files are damaged. Restore the directory from a backup, or move it away to start empty.`,
      { cause: error },
    )
  }
}

function refuseOtherVersion(directory: string): void {
  const file = path.join(directory, 'PG_VERSION')
  if (!fs.existsSync(file)) return
  const found = fs.readFileSync(file, 'utf8').trim()
  if (found === PG_VERSION) return
  throw new DatabaseError(
    /^\d{1,3}$/.test(found)
      ? `The embedded database ${directory} was made by PostgreSQL ${found}; this version of Latchkey reads ${PG_VERSION}. Run the version that made it, or restore a backup.`
      : `The embedded database ${directory} cannot be opened: its files are damaged. Restore the directory from a backup, or move it away to start empty.`,
  )
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error

function unwritable(directory: string, error: unknown): DatabaseError {
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full. Free some space',
    EDQUOT: 'the disk quota is used up. Free some space',
    EROFS: 'the file system is read-only. Make it writable',
    EACCES: 'this user may not write there. Change its owner or mode',
    EPERM: 'this user may not write there. Change its owner or mode',
    ENOTDIR: 'a part of the path is a file. Rename that file',
    EEXIST: 'a file stands in its place. Rename that file',
  }
  const code = isSystemError(error) ? (error.code ?? '') : ''
  const reason = reasons[code] ?? `the system answered ${code === '' ? 'with an error' : code}. Look after the directory`
  return new DatabaseError(`The data directory for ${directory} cannot be written: ${reason}, or set LATCHKEY_DATA to another directory.`, { cause: error })
}
