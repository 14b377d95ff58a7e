import { constants } from 'node:fs'
import { mkdir, open, realpath } from 'node:fs/promises'
import path from 'node:path'
import { RuntimeError } from '@/lib/runtimes/runtime'

/** Where a room's files lie on this server. */
export const roomStorage = (dataDir: string, roomId: string): string => path.join(dataDir, 'rooms', roomId)

/**
 * A folder inside a room's storage, made when it is not there. Services can plant links in their storage, so the real path
 * is what counts.
 * @throws RuntimeError invalid when it would lie outside the room's storage.
 */
export async function roomFolder(dataDir: string, roomId: string, subpath: string): Promise<string> {
  const root = roomStorage(dataDir, roomId)
  await mkdir(root, { recursive: true, mode: 0o755 })
  let folder = await realpath(root)
  const top = folder
  for (const part of subpath.split('/').filter((piece) => piece !== '' && piece !== '.')) {
    if (part === '..') throw outside()
    folder = path.join(folder, part)
    // One step at a time, so that nothing is ever made behind a link.
    await mkdir(folder, { mode: 0o755 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
    folder = await realpath(folder)
    if (folder !== top && !folder.startsWith(top + path.sep)) throw outside()
  }
  return folder
}

/** Puts a file into a room's storage unless something is there already. */
export async function seedRoomFile(dataDir: string, roomId: string, file: { path: string; text: string }): Promise<void> {
  const folder = await roomFolder(dataDir, roomId, path.posix.dirname(`/${file.path}`))
  const name = path.posix.basename(file.path)
  if (name === '' || name === '.' || name === '..') throw outside()
  try {
    const target = await open(path.join(folder, name), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644)
    await target.writeFile(file.text, 'utf8').finally(() => target.close())
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

const outside = (): RuntimeError => new RuntimeError('invalid', 'A path of the template leads out of the room’s storage.')
