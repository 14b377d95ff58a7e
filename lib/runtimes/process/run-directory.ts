import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chown, lstat, mkdir, open, readdir, readFile, readlink, realpath, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { isWithin } from '../inside-path'
import { prepareMountSource } from '../mount-source'
import { RuntimeError, type Workload } from '../runtime'
import { isNoexec, outsideId } from './host-facts'
import { asRoot } from './sandbox'
import { placeInSandbox, type StagedWorkload } from './sandbox-plan'

const run = promisify(execFile)

/** What is known of a workload that this process does not run. No values. */
export interface RunRecord {
  generation: number
}

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

export async function readRecord(directory: string): Promise<RunRecord | null> {
  try {
    const record: unknown = JSON.parse(await readFile(path.join(directory, 'record.json'), 'utf8'))
    const generation = typeof record === 'object' && record !== null && 'generation' in record ? record.generation : null
    return typeof generation === 'number' ? { generation } : { generation: 0 }
  } catch (error) {
    if (!isAbsent(error)) return { generation: 0 }
    return (await lstat(directory).catch(() => null)) ? { generation: 0 } : null
  }
}

async function writeRecord(directory: string, record: RunRecord): Promise<void> {
  const draft = path.join(directory, 'record.new')
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 })
  await rename(draft, path.join(directory, 'record.json'))
}

/** Ids of the workloads that left something behind, running or not. */
export async function listRunDirectories(stateDir: string): Promise<string[]> {
  const entries = await readdir(stateDir, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return []
    throw error
  })
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name)
}

const openDirectory = (file: string): Promise<FileHandle> => open(file, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)

/** Makes `inner` below a mount's directory step by step through open descriptors, so that no link of a service leads out of it. */
async function makeInside(pinned: FileHandle, inner: string, kind: 'file' | 'directory'): Promise<void> {
  const own = async (handle: FileHandle): Promise<void> => {
    if (asRoot()) await handle.chown(outsideId, outsideId)
  }
  const names = inner.split('/').filter((name) => name !== '')
  let parent = await openDirectory(`/proc/self/fd/${pinned.fd}/.`)
  try {
    for (const [index, name] of names.entries()) {
      const here = `/proc/self/fd/${parent.fd}/${name}`
      if (kind === 'file' && index === names.length - 1) {
        const file = await open(here, constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY, 0o600).catch(() => null)
        if (file) await own(file)
        else if (!(await lstat(here)).isFile()) throw new Error('Something that is no file is in the way.')
        await file?.close()
        return
      }
      const isNew = await mkdir(here, 0o755).then(() => true, () => false)
      const child = await openDirectory(here)
      if (isNew) await own(child)
      await parent.close()
      parent = child
    }
  } catch (cause) {
    throw new RuntimeError('failed', `A place for ${inner} could not be made in the mounted directory.`, { cause })
  } finally {
    await parent.close()
  }
}

/** Lets the service in. Through the descriptor and without following links, because services of the room may be running. */
async function giveToService(pinned: FileHandle): Promise<void> {
  if ((await pinned.stat()).uid === outsideId) return
  await run('chown', ['-RhP', `${outsideId}:${outsideId}`, '--', `/proc/${process.pid}/fd/${pinned.fd}/.`])
}

/** Holds on to a prepared directory, so that no link laid in its way afterwards leads what follows elsewhere. */
async function pinDirectory(source: string, dataDir: string): Promise<FileHandle> {
  const data = path.resolve(dataDir)
  if (!isWithin(source, data)) return openDirectory(await realpath(source))
  const expected = path.join(await realpath(data), path.relative(data, source))
  const pinned = await openDirectory(expected)
  if (process.platform !== 'linux' || (await readlink(`/proc/self/fd/${pinned.fd}`)) === expected) return pinned
  await pinned.close()
  throw new RuntimeError('invalid', 'A directory to be mounted lies behind a symbolic link.')
}

type StagedMount = StagedWorkload['mounts'][number]

async function stageMount(mount: Workload['mounts'][number], dataDir: string, pins: Map<StagedMount, FileHandle>): Promise<void> {
  const source = await prepareMountSource(mount.source, dataDir)
  const pinned = await pinDirectory(source, dataDir)
  const { dev, ino } = await pinned.stat({ bigint: true })
  const staged = { path: placeInSandbox(mount.path), source, readOnly: mount.readOnly, noexec: await isNoexec(source), identity: `${String(dev)}:${String(ino)}` }
  pins.set(staged, pinned)
  if (asRoot() && isWithin(source, dataDir)) await giveToService(pinned)
}

async function stageMounts(workload: Workload, dataDir: string): Promise<StagedWorkload['mounts']> {
  const pins = new Map<StagedMount, FileHandle>()
  try {
    for (const mount of workload.mounts) await stageMount(mount, dataDir, pins)
    await makePlaces(workload, pins)
    return [...pins.keys()]
  } finally {
    for (const pinned of pins.values()) await pinned.close()
  }
}

/** Makes what will be mounted on, or worked in, where it lies in a directory of the host. */
async function makePlaces(workload: Workload, pins: ReadonlyMap<StagedMount, FileHandle>): Promise<void> {
  const staged = [...pins.keys()]
  const holders = [...pins].map(([mount, pinned]) => ({ path: mount.path, pinned }))
  const innermostFirst = [...holders, ...workload.emptyDirs.map((empty) => ({ path: placeInSandbox(empty.path), pinned: null }))].sort((a, b) => b.path.length - a.path.length)
  const places = [
    ...workload.files.map((file) => ({ at: placeInSandbox(file.path), kind: 'file' as const })),
    ...workload.emptyDirs.map((empty) => ({ at: placeInSandbox(empty.path), kind: 'directory' as const })),
    ...staged.map((mount) => ({ at: mount.path, kind: 'directory' as const })),
    ...(workload.workingDir === null ? [] : [{ at: path.posix.normalize(workload.workingDir), kind: 'directory' as const }]),
  ]
  for (const { at, kind } of places) {
    const holder = innermostFirst.find((mount) => mount.path !== at && isWithin(at, mount.path))
    if (holder && holder.pinned !== null) await makeInside(holder.pinned, path.posix.relative(holder.path, at), kind)
  }
}

/** A file system in memory that every Linux has (tmpfs(5)). */
const memoryFs = '/dev/shm'

/** Where files with sensitive texts lie: in memory, under a name that only this run directory has. */
const memoryDirectory = (directory: string): string =>
  path.join(memoryFs, `latchkey-${createHash('sha256').update(path.resolve(directory)).digest('hex').slice(0, 32)}`)

/** Made anew, so that nobody else can have laid something there before. */
async function makeMemoryDirectory(directory: string): Promise<string> {
  const place = memoryDirectory(directory)
  try {
    await rm(place, { recursive: true, force: true })
    await mkdir(place, { mode: 0o700 })
    return place
  } catch (cause) {
    throw new RuntimeError('failed', `A file of the service holds a protected value and must stay in memory, but ${memoryFs} cannot be used.`, { cause })
  }
}

/** Removes all that was made for a workload. */
export async function removeRun(directory: string): Promise<void> {
  await rm(memoryDirectory(directory), { recursive: true, force: true })
  await rm(directory, { recursive: true, force: true })
}

/**
 * Writes what a start of the workload needs into its run directory, replacing what an earlier one left (not its log).
 * Holds no environment value, and sensitive files lie in memory. Files are readable by the server and the service alone.
 */
export async function prepareRun(directory: string, workload: Workload, dataDir: string): Promise<StagedWorkload> {
  const filesDir = path.join(directory, 'files')
  await mkdir(path.join(directory, 'root'), { recursive: true, mode: 0o700 })
  await rm(filesDir, { recursive: true, force: true })
  await mkdir(filesDir, { mode: 0o700 })
  const sensitiveDir = workload.files.some((file) => file.sensitive) ? await makeMemoryDirectory(directory) : null
  const files: StagedWorkload['files'][number][] = []
  for (const [index, file] of workload.files.entries()) {
    const source = path.join(file.sensitive && sensitiveDir !== null ? sensitiveDir : filesDir, String(index))
    // executable, because a command may name a file instead of giving it to a shell
    await writeFile(source, file.text, { mode: file.readOnly ? 0o500 : 0o700 })
    if (asRoot()) await chown(source, outsideId, outsideId)
    files.push({ path: placeInSandbox(file.path), source, readOnly: file.readOnly, noexec: await isNoexec(source) })
  }
  const mounts = await stageMounts(workload, dataDir)
  await writeRecord(directory, { generation: workload.generation })
  return { files, mounts }
}
