import path from 'node:path'
import type Docker from 'dockerode'
import { splitCommand } from '../command-line'
import { insidePath, isWithin } from '../inside-path'
import { RuntimeError, type SeededFile, type Workload } from '../runtime'

export interface Identity {
  instance: string
  id: string
}

export const nameOf = ({ instance, id }: Identity): string => `latchkey-${instance}-${id}`

/** What marks everything in the engine as one Latchkey's. Nothing without these is ever touched. */
export const ownLabels = (instance: string, id?: string): Record<string, string> => ({
  'latchkey.instance': instance,
  ...(id === undefined ? {} : { 'latchkey.id': id }),
})

export const generationLabel = 'latchkey.generation'
/** Names of the variables to be masked in logs, as JSON; their values are in the container's environment alone. */
export const sensitiveLabel = 'latchkey.sensitive'

export interface FilePlan {
  /** Files in the root file system: with a read-only root they must be part of the image. */
  inRoot: SeededFile[]
  /** Files that come to lie in a mount, a volume or an empty directory, by its path: put into the container itself. */
  inVolumes: Map<string, SeededFile[]>
}

/** @throws RuntimeError `invalid` for a file below a mount that is read-only. */
export function planFiles(workload: Workload, imageVolumes: readonly string[]): FilePlan {
  const closed = workload.mounts.filter((mount) => mount.readOnly).map((mount) => insidePath(mount.path))
  const open = [...workload.mounts.filter((mount) => !mount.readOnly), ...workload.emptyDirs].map((place) => insidePath(place.path))
  const innermostFirst = [...open, ...closed, ...imageVolumes, ...(workload.writableRoot ? [] : ['/tmp'])].sort((a, b) => b.length - a.length)
  const plan: FilePlan = { inRoot: [], inVolumes: new Map() }
  for (const file of workload.files) {
    const at = insidePath(file.path)
    const volume = innermostFirst.find((place) => isWithin(at, place))
    if (volume === undefined) plan.inRoot.push(file)
    else if (closed.includes(volume)) throw new RuntimeError('invalid', 'A file cannot be placed in storage that is mounted read-only.')
    else plan.inVolumes.set(volume, [...(plan.inVolumes.get(volume) ?? []), file])
  }
  return plan
}

/** The command stands in for the image's entrypoint and its arguments, as a whole. */
function startOf(command: string | null, { Entrypoint, Cmd }: SpecOptions['imageConfig']): { Entrypoint?: string[]; Cmd: string[] } {
  if (command?.trim()) return { Entrypoint: splitCommand(command), Cmd: [] }
  const [entrypoint, cmd] = [[Entrypoint ?? []].flat(), [Cmd ?? []].flat()]
  if (entrypoint.length + cmd.length === 0) throw new RuntimeError('no-command', 'Neither the manifest nor the image names a command.')
  return entrypoint.length === 0 ? { Cmd: cmd } : { Entrypoint: entrypoint, Cmd: cmd }
}

export interface SpecOptions {
  instance: string
  /** The image to run: the workload's, or one made of it. */
  image: string
  /** What the workload's image says of its start. */
  imageConfig: { Entrypoint?: string | string[] | null | undefined; Cmd?: string[] | null | undefined }
  /** Absolute directories of this machine, in the order of `workload.mounts`. */
  sources: readonly string[]
  /** Whether the engine has a process 1 that reaps orphans. */
  init: boolean
}

/** The container of a workload (Docker Engine API 1.41, ContainerCreate). */
export function containerSpec(workload: Workload, { instance, image, imageConfig, sources, init }: SpecOptions): Docker.ContainerCreateOptions {
  const start = startOf(workload.command, imageConfig)
  const emptyDirs = workload.emptyDirs.map((empty) => ({ ...empty, path: insidePath(empty.path) }))
  const mounts = workload.mounts.map((mount) => insidePath(mount.path))
  if (!workload.writableRoot && ![...mounts, ...emptyDirs.map((empty) => empty.path)].includes('/tmp')) emptyDirs.push({ path: '/tmp', readOnly: false })
  // a tmpfs is made at the start, so a file that was put there before would be gone
  const needsVolume = (place: string): boolean => workload.files.some((file) => isWithin(insidePath(file.path), place))
  return {
    name: nameOf({ instance, id: workload.id }),
    Image: image,
    ...start,
    ...(workload.workingDir === null ? {} : { WorkingDir: path.posix.join('/', workload.workingDir) }),
    Env: workload.environment.map(({ name, value }) => `${name}=${value}`),
    Labels: {
      ...workload.labels,
      ...ownLabels(instance, workload.id),
      [generationLabel]: String(workload.generation),
      [sensitiveLabel]: JSON.stringify(workload.environment.filter((entry) => entry.sensitive).map((entry) => entry.name)),
    },
    ExposedPorts: Object.fromEntries(workload.ports.map((port) => [`${port.num}/tcp`, {}])),
    HostConfig: {
      Init: init,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 512,
      ReadonlyRootfs: !workload.writableRoot,
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
      Mounts: [
        ...workload.mounts.map((mount, index) => ({ Type: 'bind' as const, Source: sources[index] ?? mount.source, Target: insidePath(mount.path), ReadOnly: mount.readOnly })),
        ...emptyDirs.filter((empty) => needsVolume(empty.path)).map((empty) => ({ Type: 'volume' as const, Source: '', Target: empty.path, ReadOnly: empty.readOnly })),
      ],
      Tmpfs: Object.fromEntries(emptyDirs.filter((empty) => !needsVolume(empty.path)).map((empty) => [empty.path, `${empty.readOnly ? 'ro' : 'rw'},exec,nosuid,nodev,mode=1777`])),
    },
  }
}
