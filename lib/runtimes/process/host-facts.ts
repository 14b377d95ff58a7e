import { lstat, mkdir, readFile, readlink, realpath, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { isWithin } from '../inside-path'
import type { Exposure, HostFacts } from './sandbox-plan'

/** The user and group that a service believes to be. */
export const insideId = 1000
/** The user and group that a service is to the kernel when Latchkey runs as root: of no one (systemd.io/UIDS-GIDS calls the range unused). */
export const outsideId = 60800

const systemDirectories = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
const etcPaths = [
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/nsswitch.conf',
  '/etc/localtime',
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/ssl/cert.pem',
  '/etc/ca-certificates',
  '/etc/pki/tls/certs',
  '/etc/pki/tls/openssl.cnf',
  '/etc/pki/ca-trust/extracted',
]

const unescaped = (text: string): string => text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))

/** Whether the file system that holds `directory` forbids execution (proc(5), /proc/pid/mountinfo): a bind mount must forbid it too. */
export async function isNoexec(directory: string): Promise<boolean> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const holding = table
    .split('\n')
    .map((line) => line.split(' '))
    .map((fields) => ({ point: unescaped(fields[4] ?? ''), options: (fields[5] ?? '').split(',') }))
    .filter(({ point }) => point !== '' && isWithin(directory, point))
    .reduce((best, mount) => (mount.point.length >= best.point.length ? mount : best), { point: '', options: [''] })
  return holding.options.includes('noexec')
}

async function expose(at: string, source = at): Promise<Exposure | null> {
  try {
    const real = await realpath(source)
    return { path: at, source: real, isFile: !(await stat(real)).isDirectory(), noexec: await isNoexec(real) }
  } catch {
    return null
  }
}

/** Node's own installation, as little of it as runs: its bin and lib, or the program alone where these would show more. */
async function nodeExposures(hidden: readonly string[]): Promise<(Exposure | null)[]> {
  const program = await realpath(process.execPath)
  if (isWithin(program, '/usr') && !hidden.some((directory) => isWithin(program, directory))) return []
  const bin = path.dirname(program)
  const lib = path.join(path.dirname(bin), 'lib')
  const safe = path.basename(bin) === 'bin' && !hidden.some((directory) => isWithin(directory, bin) || isWithin(directory, lib))
  const project = hidden.filter((directory) => isWithin(program, directory) && directory !== os.homedir())
  return safe && project.length === 0 ? [await expose(bin), await expose(lib)] : [await expose(program)]
}

/**
 * Finds what this machine offers a sandbox.
 * @param stateDir where the made-up /etc/passwd and /etc/group are kept; created when absent.
 * @param hidden directories that must not be seen, wherever they lie.
 */
export async function findHostFacts(stateDir: string, hidden: readonly string[]): Promise<HostFacts> {
  const etc = path.join(stateDir, '.etc')
  await mkdir(etc, { recursive: true, mode: 0o700 })
  await writeFile(path.join(etc, 'passwd'), `root:x:0:0:root:/:/bin/sh\nservice:x:${insideId}:${insideId}:service:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n`, { mode: 0o644 })
  await writeFile(path.join(etc, 'group'), `root:x:0:\nservice:x:${insideId}:\nnogroup:x:65534:\n`, { mode: 0o644 })

  const links: [string, string][] = []
  const found: (Exposure | null)[] = [await expose('/usr')]
  for (const directory of systemDirectories) {
    const entry = await lstat(directory).catch(() => null)
    if (entry?.isSymbolicLink()) links.push([directory, await readlink(directory)])
    else if (entry) found.push(await expose(directory))
  }
  found.push(await expose('/nix/store'), ...(await nodeExposures(hidden)))
  for (const file of etcPaths) found.push(await expose(file))
  found.push(await expose('/etc/passwd', path.join(etc, 'passwd')), await expose('/etc/group', path.join(etc, 'group')))
  const exposures = found.filter((exposure) => exposure !== null)
  const covered = hidden.filter((directory) => exposures.some((exposure) => directory !== exposure.source && isWithin(directory, exposure.source)))
  return { links, exposures, covered }
}

/** The PATH of a service that names none: the system's, and Node's. */
export function defaultPath(): string {
  const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  const node = path.dirname(process.execPath)
  return (system.includes(node) ? system : [node, ...system]).join(':')
}
