import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { chown, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
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

/** Makes `inner` below `source` step by step through open descriptors, so that no link of a service leads out of it. */
async function makeInside(source: string, inner: string, kind: 'file' | 'directory'): Promise<void> {
  const own = async (handle: FileHandle): Promise<void> => {
    if (asRoot()) await handle.chown(outsideId, outsideId)
  }
  const names = inner.split('/').filter((name) => name !== '')
  let parent = await openDirectory(source)
  try {
    for (const [index, name] of names.entries()) {
      const here = `/proc/self/fd/${parent.fd}/${name}`
      if (kind === 'file' && index === names.length - 1) {
        const file = await open(here, constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY, 0o600).catch(() => null)
        if (file) await own(file)
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

async function giveToService(source: string, before: Stats): Promise<void> {
  if (before.uid === outsideId) return
  // chown(1) walks without following links, also while they change
  await run('chown', ['-RhP', `${outsideId}:${outsideId}`, '--', source])
}

async function stageMounts(workload: Workload, dataDir: string): Promise<StagedWorkload['mounts']> {
  const staged: StagedWorkload['mounts'][number][] = []
  for (const mount of workload.mounts) {
    const source = await prepareMountSource(mount.source, dataDir)
    if (asRoot() && isWithin(source, dataDir)) await giveToService(source, await lstat(source))
    staged.push({ path: placeInSandbox(mount.path), source, readOnly: mount.readOnly, noexec: await isNoexec(source) })
  }
  const innermostFirst = [...staged, ...workload.emptyDirs.map((empty) => ({ path: placeInSandbox(empty.path), source: null }))].sort((a, b) => b.path.length - a.path.length)
  const places = [
    ...workload.files.map((file) => ({ at: placeInSandbox(file.path), kind: 'file' as const })),
    ...workload.emptyDirs.map((empty) => ({ at: placeInSandbox(empty.path), kind: 'directory' as const })),
    ...staged.map((mount) => ({ at: mount.path, kind: 'directory' as const })),
    ...(workload.workingDir === null ? [] : [{ at: path.posix.normalize(workload.workingDir), kind: 'directory' as const }]),
  ]
  for (const { at, kind } of places) {
    const holder = innermostFirst.find((mount) => mount.path !== at && isWithin(at, mount.path))
    if (holder && holder.source !== null) await makeInside(holder.source, path.posix.relative(holder.path, at), kind)
  }
  return staged
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
