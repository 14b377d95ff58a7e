import fs from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { lockDirectory, LockedError } from './lock'
import { streamTo, type Session } from './wire'

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
  /** The data directory as an image for `openEmbedded(null, image)`. */
  dump(): Promise<Blob>
  close(): Promise<void>
}

const PG_VERSION = '18'
/** PostgreSQL writes its log in segments of 16 MB; a new database takes 40 MB more. */
const ROOM_BYTES = 24 * 2 ** 20
const NEW_BYTES = 72 * 2 ** 20

/**
 * PostgreSQL inside this process (PGlite), reached through the ordinary `pg` driver. When it has to give up, as on a full
 * disk, the next connection opens it anew, with all that was acknowledged.
 * @param directory where it is kept, or null for one in memory.
 * @param image a data directory dumped before, for one in memory.
 * @throws DatabaseError when it is in use, damaged, of another PostgreSQL version, or not writable.
 */
export async function openEmbedded(directory: string | null, image?: Blob): Promise<Embedded> {
  const release = directory === null ? () => undefined : await hold(directory)
  let database: PGlite | undefined
  const session: Session = {
    open: async () => (database ??= await open(directory, image)),
    abandon: () => {
      database = undefined
    },
  }
  try {
    await session.open()
  } catch (error) {
    release()
    throw error
  }
  const pool = new pg.Pool({ user: 'postgres', database: 'postgres', max: 1, idleTimeoutMillis: 0, stream: streamTo(session) })
  pool.on('error', () => undefined) // the next query reports it
  return {
    pool,
    dump: async () => (await session.open()).dumpDataDir('none'),
    close: async () => {
      if (!pool.ended) await pool.end()
      if (database?.closed === false) await database.close()
      release()
    },
  }
}

async function hold(directory: string): Promise<() => void> {
  try {
    // asked first, since making directories on a read-only file system fails as if the path were missing
    fs.accessSync(nearest(path.dirname(directory)), fs.constants.W_OK)
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

/** The directory itself, or the closest one above it that exists. */
function nearest(directory: string): string {
  return fs.existsSync(directory) ? directory : nearest(path.dirname(directory))
}

async function open(directory: string | null, image: Blob | undefined): Promise<PGlite> {
  if (directory === null) return PGlite.create('memory://', image === undefined ? {} : { loadDataDir: image })
  try {
    if (fs.existsSync(path.join(directory, 'PG_VERSION'))) {
      refuseOtherVersion(directory)
      requireRoom(directory, ROOM_BYTES)
    } else await make(directory)
    fs.accessSync(directory, fs.constants.W_OK)
    return await PGlite.create(directory)
  } catch (error) {
    if (error instanceof DatabaseError) throw error
    throw isSystemError(error) ? unwritable(directory, error) : damaged(directory, error)
  }
}

/** Makes the database beside its place and moves it there whole, so that one cut short is never taken for a damaged one. */
async function make(directory: string): Promise<void> {
  if (fs.existsSync(directory) && fs.readdirSync(directory).length > 0) throw damaged(directory)
  const draft = `${directory}.new`
  fs.rmSync(draft, { recursive: true, force: true })
  fs.mkdirSync(draft, { recursive: true, mode: 0o700 })
  requireRoom(draft, NEW_BYTES)
  await (await PGlite.create(draft)).close()
  fs.renameSync(draft, directory)
}

function requireRoom(directory: string, bytes: number): void {
  const { bavail, bsize } = fs.statfsSync(directory)
  if (bavail * bsize < bytes) throw unwritable(directory, Object.assign(new Error('Too little is free.'), { code: 'ENOSPC', syscall: 'statfs' }))
}

const damaged = (directory: string, cause?: unknown): DatabaseError =>
  new DatabaseError(`The embedded database ${directory} cannot be opened: its files are damaged. Restore the directory from a backup, or move it away to start empty.`, { cause })

function refuseOtherVersion(directory: string): void {
  const found = fs.readFileSync(path.join(directory, 'PG_VERSION'), 'utf8').trim()
  if (found === PG_VERSION) return
  if (!/^\d{1,3}$/.test(found)) throw damaged(directory)
  throw new DatabaseError(
    `The embedded database ${directory} was made by PostgreSQL ${found}; this version of Latchkey reads ${PG_VERSION}. Run the version that made it, or restore a backup.`,
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
  return new DatabaseError(`The data directory ${path.dirname(directory)} cannot be written: ${reason}, or set LATCHKEY_DATA to another directory.`, { cause: error })
}
