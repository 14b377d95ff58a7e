import path from 'node:path'
import { insidePath, isWithin } from '../inside-path'
import { RuntimeError, type Workload } from '../runtime'

/** One step of building the file system that a service sees. Paths are inside; `source` and `noexec` concern the host. */
export type SandboxStep =
  | { kind: 'directory'; path: string; mode: string }
  | { kind: 'symlink'; path: string; target: string }
  | { kind: 'bind'; path: string; source: string; readOnly: boolean; isFile: boolean; noexec: boolean }
  | { kind: 'tmpfs'; path: string; mode: string; readOnly: boolean }
  | { kind: 'proc' }
  | { kind: 'dev' }

export interface SandboxPlan {
  steps: SandboxStep[]
  writableRoot: boolean
}

/** A file or directory of the host, seen at `path`. */
export interface Exposure {
  path: string
  source: string
  isFile: boolean
  noexec: boolean
}

/** What the host offers, found by host-facts.ts. */
export interface HostFacts {
  /** /bin, /lib and the like where they are links, as [path, target]. */
  links: readonly (readonly [string, string])[]
  /** Read-only parts of the system: /usr, parts of /etc, the installation of Node. */
  exposures: readonly Exposure[]
  /** Directories of the host that lie below an exposure and must not be seen. */
  covered: readonly string[]
}

/** Directories of the host, made ready for a workload. */
export interface StagedWorkload {
  files: readonly { path: string; source: string; readOnly: boolean; noexec: boolean }[]
  /** `identity` tells the directory that was made ready from whatever its path leads to at a later start. */
  mounts: readonly { path: string; source: string; readOnly: boolean; noexec: boolean; identity: string }[]
}

const systemPaths = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/proc', '/sys', '/dev']

/**
 * A path of a workload in its normal form.
 * @throws RuntimeError `invalid` also for one that belongs to the system.
 */
export function placeInSandbox(text: string): string {
  const normal = insidePath(text)
  if (systemPaths.some((system) => isWithin(normal, system))) {
    throw new RuntimeError('invalid', `Nothing can be placed at ${normal}: that part of the file system belongs to the system.`)
  }
  return normal
}

/** @throws RuntimeError `invalid` for a place that belongs to the system. */
export function checkPlaces({ files, mounts, emptyDirs }: Workload): void {
  for (const place of [...files, ...mounts, ...emptyDirs]) placeInSandbox(place.path)
}

/** Whether the innermost mount above `at` is a directory of the host: what is missing there is made before, on the host. */
export function liesInBind(at: string, steps: readonly SandboxStep[]): boolean {
  const above = steps.flatMap((step) => ((step.kind === 'bind' || step.kind === 'tmpfs') && step.path !== at && isWithin(at, step.path) ? [step] : []))
  return above.sort((a, b) => b.path.length - a.path.length)[0]?.kind === 'bind'
}

/** Every directory above `of`, outermost first, without the root. */
function parents(of: string): string[] {
  const names = of.split('/').slice(1, -1)
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
}

/**
 * The file system of one service, as steps in the order in which they must be taken: a tmpfs root that holds the system
 * read-only, private /proc, /dev and /tmp, and the workload's own mounts, files and empty directories.
 * @throws RuntimeError `invalid` for a path that belongs to the system.
 */
export function planSandbox(workload: Pick<Workload, 'emptyDirs' | 'writableRoot' | 'workingDir'>, staged: StagedWorkload, host: HostFacts): SandboxPlan {
  const steps: SandboxStep[] = [{ kind: 'proc' }, { kind: 'dev' }, { kind: 'tmpfs', path: '/tmp', mode: '1777', readOnly: false }]
  const directoryMode = workload.writableRoot ? '0777' : '0755'
  const made = new Set<string>()
  const makeParents = (of: string, mode: string): void => {
    for (const parent of parents(of)) {
      if (made.has(parent) || liesInBind(`${parent}/.`, steps)) continue
      made.add(parent)
      steps.push({ kind: 'directory', path: parent, mode })
    }
  }
  const own = [
    ...staged.mounts.map((mount) => ({ kind: 'bind' as const, ...mount, path: placeInSandbox(mount.path), isFile: false })),
    ...staged.files.map((file) => ({ kind: 'bind' as const, ...file, path: placeInSandbox(file.path), isFile: true })),
    ...workload.emptyDirs.map((empty) => ({ kind: 'tmpfs' as const, path: placeInSandbox(empty.path), mode: '1777', readOnly: empty.readOnly })),
  ].sort((a, b) => a.path.split('/').length - b.path.split('/').length)
  // what a manifest places at the path of a part of the system stands in for it
  const exposures = host.exposures.filter((exposure) => !own.some((step) => step.path === exposure.path)).sort((a, b) => a.path.length - b.path.length)
  for (const { path: at, source, isFile, noexec } of exposures) {
    makeParents(at, '0755')
    steps.push({ kind: 'bind', path: at, source, readOnly: true, isFile, noexec })
  }
  for (const [at, target] of host.links) {
    makeParents(at, '0755')
    steps.push({ kind: 'symlink', path: at, target })
  }
  for (const at of host.covered) steps.push({ kind: 'tmpfs', path: at, mode: '0000', readOnly: false })

  for (const step of own) {
    const system = exposures.find((exposure) => isWithin(step.path, exposure.path))
    if (system) throw new RuntimeError('invalid', `Nothing can be placed at ${step.path}: ${system.path} belongs to the system.`)
    // a /tmp of the workload's own covers the one that is always there
    makeParents(step.path, directoryMode)
    steps.push(step)
  }
  const at = path.posix.join('/', workload.workingDir ?? '', '.')
  const isSystem = at === '/' || systemPaths.some((system) => isWithin(at, system))
  if (!isSystem) makeParents(`${placeInSandbox(at)}/.`, directoryMode)
  return { steps, writableRoot: workload.writableRoot }
}
