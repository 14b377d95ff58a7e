import { constants } from 'node:fs'
import { mkdir, open, readlink, realpath, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { RuntimeError } from '@/lib/runtimes/runtime'

/** Where a room's files lie on this server. */
export const roomStorage = (dataDir: string, roomId: string): string => path.join(dataDir, 'rooms', roomId)

/**
 * Opens a folder inside a room's storage, made when it is not there, and calls `use` with its path and with a path that leads
 * to that very folder, whatever is renamed meanwhile. Services can plant links in their storage while they run, so each step
 * is taken from an open folder and the real path of what was opened is what counts.
 */
async function inRoomFolder<T>(dataDir: string, roomId: string, subpath: string, use: (folder: { path: string; pinned: string }) => Promise<T>): Promise<T> {
  const root = roomStorage(dataDir, roomId)
  await mkdir(root, { recursive: true, mode: 0o755 })
  const top = await realpath(root)
  let here = await openFolder(top)
  try {
    for (const part of subpath.split('/').filter((piece) => piece !== '' && piece !== '.')) {
      if (part === '..') throw outside()
      const next = path.join(here.pinned, part)
      await mkdir(next, { mode: 0o755 }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      })
      const { handle } = here
      here = await openFolder(next)
      await handle.close()
      if (here.path !== top && !here.path.startsWith(top + path.sep)) throw outside()
    }
    return await use(here)
  } finally {
    await here.handle.close()
  }
}

/** Linux lets an open folder be a path's start (proc(5), /proc/pid/fd); elsewhere the real path has to do. */
async function openFolder(at: string): Promise<{ handle: FileHandle; path: string; pinned: string }> {
  const handle = await open(at, constants.O_RDONLY | constants.O_DIRECTORY)
  if (process.platform !== 'linux') return { handle, path: await realpath(at), pinned: await realpath(at) }
  const pinned = `/proc/self/fd/${String(handle.fd)}`
  return { handle, path: await readlink(pinned), pinned }
}

/**
 * A folder inside a room's storage, made when it is not there.
 * @throws RuntimeError invalid when it would lie outside the room's storage.
 */
export const roomFolder = (dataDir: string, roomId: string, subpath: string): Promise<string> =>
  inRoomFolder(dataDir, roomId, subpath, (folder) => Promise.resolve(folder.path))

/** Puts a file into a room's storage unless something is there already. */
export async function seedRoomFile(dataDir: string, roomId: string, file: { path: string; text: string }): Promise<void> {
  const name = path.posix.basename(file.path)
  await inRoomFolder(dataDir, roomId, path.posix.dirname(`/${file.path}`), async ({ pinned }) => {
    if (name === '' || name === '.' || name === '..') throw outside()
    try {
      const target = await open(path.join(pinned, name), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644)
      await target.writeFile(file.text, 'utf8').finally(() => target.close())
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  })
}

const outside = (): RuntimeError => new RuntimeError('invalid', 'A path of the template leads out of the room’s storage.')
