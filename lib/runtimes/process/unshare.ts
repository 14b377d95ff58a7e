import path from 'node:path'
import { launcherArgv, quoted, setupFd, statusFd } from './launcher'
import { isWithin } from '../inside-path'
import { liesInBind, type SandboxPlan, type SandboxStep } from './sandbox-plan'
import type { SandboxCommand } from './sandbox'

const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

/** fstab(5) writes blanks and backslashes in octal. */
const field = (text: string): string => text.replace(/[\\\s#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)

const bindOptions = (step: { readOnly: boolean; noexec: boolean }): string =>
  ['rbind', 'nosuid', 'nodev', ...(step.readOnly ? ['ro'] : []), ...(step.noexec ? ['noexec'] : [])].join(',')

interface Batch {
  directories: string[]
  files: string[]
  /** Lines of an fstab, with paths below the new root. */
  mounts: string[]
  links: [string, string][]
}

const emptyBatch = (): Batch => ({ directories: [], files: [], mounts: [], links: [] })

/** A directory with the harmless devices, terminals of its own and shared memory, all mounted with the rest. */
function addDev(batch: Batch, at: (inside: string) => string): void {
  batch.directories.push('/dev/pts', '/dev/shm')
  batch.files.push(...devices.map((name) => `/dev/${name}`))
  batch.mounts.push(
    ...devices.map((name) => `/dev/${name} ${at(`/dev/${name}`)} none bind,nosuid 0 0`),
    `tmpfs ${at('/dev/shm')} tmpfs mode=1777,nosuid,nodev 0 0`,
    `devpts ${at('/dev/pts')} devpts newinstance,ptmxmode=0666,mode=0620,nosuid,noexec 0 0`,
  )
}

/** Puts the steps into batches: all of a batch's directories are made, then all of its mounts in one run of mount(8). */
function batches(plan: SandboxPlan, root: string): Batch[] {
  const at = (inside: string): string => field(`${root}${inside}`)
  const all: Batch[] = []
  let batch = emptyBatch()
  let fresh: string[] = []
  const flush = (): void => {
    all.push(batch)
    batch = emptyBatch()
    fresh = []
  }
  const add = (step: SandboxStep): void => {
    switch (step.kind) {
      case 'directory':
        batch.directories.push(step.path)
        return
      case 'symlink':
        batch.links.push([step.path, step.target])
        return
      case 'bind':
        ;(step.isFile ? batch.files : batch.directories).push(step.path)
        batch.mounts.push(`${field(step.source)} ${at(step.path)} none ${bindOptions(step)} 0 0`)
        return
      case 'tmpfs':
        batch.directories.push(step.path)
        batch.mounts.push(`tmpfs ${at(step.path)} tmpfs mode=${step.mode},nosuid,nodev 0 0`)
        fresh.push(step.path)
        return
      case 'proc':
        batch.directories.push('/proc')
        batch.mounts.push(`proc ${at('/proc')} proc nosuid,nodev,noexec 0 0`)
        return
      case 'dev':
        addDev(batch, at)
    }
  }
  for (const step of plan.steps) {
    // what a mount of this batch will cover must be made after it
    if ('path' in step && fresh.some((mounted) => isWithin(step.path, mounted) && step.path !== mounted)) flush()
    add(step)
  }
  flush()
  return all
}

/** One run of mount(8) for many mounts. */
function mountAll(lines: readonly string[], root: string): string[] {
  if (lines.length === 0) return []
  const table = quoted(`${root}/.fstab`)
  return [`printf '%s\\n' ${lines.map(quoted).join(' ')} >${table}`, `mount -a -T ${table}`]
}

/** Links named as their targets take one run of ln(1) together. */
function linksOf({ links }: Batch, root: string): string[] {
  const alike = links.filter(([link, target]) => link === `/${path.basename(target)}`)
  const others = links.filter((entry) => !alike.includes(entry))
  return [
    ...(alike.length > 0 ? [`ln -s -- ${alike.map(([, target]) => quoted(target)).join(' ')} ${quoted(`${root}/`)}`] : []),
    ...others.map(([link, target]) => `ln -s -- ${quoted(target)} ${quoted(root + link)}`),
  ]
}

function scriptOf(batch: Batch, root: string, steps: readonly SandboxStep[]): string[] {
  const isOurs = (file: string): boolean => !liesInBind(file, steps)
  const directories = batch.directories.filter(isOurs).map((directory) => quoted(root + directory))
  return [
    ...(directories.length > 0 ? [`mkdir -p -- ${directories.join(' ')}`] : []),
    ...batch.files.filter(isOurs).map((file) => `: >>${quoted(root + file)}`),
    ...linksOf(batch, root),
    ...mountAll(batch.mounts, root),
  ]
}

/** Shell text that builds the planned file system on `root` and moves into it (mount(8), pivot_root(2)); run as process 1. */
export function unshareScript(plan: SandboxPlan, root: string): string {
  const dev = `${root}/dev`
  const modes = plan.steps.flatMap((step) => (step.kind === 'directory' && step.mode !== '0755' ? [quoted(root + step.path)] : []))
  const readOnly = plan.steps.flatMap((step) => (step.kind === 'tmpfs' && step.readOnly ? [`mount -o remount,bind,ro,nosuid,nodev ${quoted(step.path)}`] : []))
  return [
    'set -e',
    'umask 022',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    // the old /proc still shows this machine's process ids
    'read -r pid rest </proc/self/stat',
    `printf '{"child-pid": %s}\\n' "$pid" >&${statusFd}`,
    `mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs ${quoted(root)}`,
    ...batches(plan, root).flatMap((batch) => scriptOf(batch, root, plan.steps)),
    ...(modes.length > 0 ? [`chmod 0777 ${modes.join(' ')}`] : []),
    // the links to /proc/self/fd that every Linux has
    `cp -P -- /dev/fd /dev/stdin /dev/stdout /dev/stderr ${quoted(dev)}`,
    `ln -s -- pts/ptmx ${quoted(dev)}`,
    `cd ${quoted(root)}`,
    'mkdir .old',
    'pivot_root . .old',
    'cd /',
    'umount -l /.old',
    'rm -d -- /.old /.fstab',
    // what the uts namespace was copied from shows through where there is no hostname(1)
    '{ echo service >/proc/sys/kernel/hostname || hostname service || :; } 2>/dev/null',
    ...readOnly,
    plan.writableRoot ? 'chmod 0777 /' : 'mount -o remount,bind,ro,nosuid,nodev /',
    `exec ${setupFd}<&- ${statusFd}>&-`,
    'set +e',
  ].join('\n')
}

/**
 * Runs `command` in namespaces that util-linux's unshare(1) makes. Process 1 is a shell that waits for the command, so that it
 * has an ordinary process's signals and its orphans are reaped.
 */
export function unshareCommand(plan: SandboxPlan, command: readonly string[], options: { workingDir: string; asRoot: boolean; root: string }): SandboxCommand {
  const launcher = launcherArgv(command, { workingDir: options.workingDir, confine: options.asRoot ? 'root' : 'user' })
  // gaining a user namespace's rights clears the parent-death signal, so it is set after that
  const user = options.asRoot ? [] : ['unshare', '--user', '--map-root-user', '--']
  const namespaces = ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--']
  return {
    argv: [...user, ...namespaces, 'setsid', '/bin/sh', '-c', `eval "$(cat <&${setupFd})"; "$@"; exit $?`, 'sh', ...launcher],
    setup: `${unshareScript(plan, options.root)}\n`,
  }
}
