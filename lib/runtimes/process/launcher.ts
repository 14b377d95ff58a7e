import { RuntimeError, type EnvironmentEntry } from '../runtime'
import { defaultPath, insideId, outsideId } from './host-facts'

/** Descriptors that the server opens for a sandbox besides its output. */
export const setupFd = 3
export const environmentFd = 4
export const statusFd = 5

export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/
/** Shells give these a meaning, refuse to set them, or set them unasked. */
const ofTheShell = /^(?:_|PWD|OLDPWD|SHLVL|UID|EUID|PPID|GROUPS|OPTIND|OPTARG|OPTERR|LINENO|RANDOM|SECONDS|SRANDOM|EPOCH\w+|SHELLOPTS|DIRSTACK|FUNCNAME|BASH\w*)$/
/** Linux's MAX_ARG_STRLEN, of which the terminating zero is part. */
const longestEntry = 128 * 1024 - 1

/**
 * The environment of a service: its own entries, and PATH, HOME and LANG where it has none.
 * @throws RuntimeError `invalid` for an entry that is too long.
 */
export function completeEnvironment(entries: readonly EnvironmentEntry[]): EnvironmentEntry[] {
  for (const { name, value } of entries) {
    if (Buffer.byteLength(value) + Buffer.byteLength(name) + 1 > longestEntry) {
      throw new RuntimeError('invalid', `The environment variable ${name} is longer than the 128 KiB that Linux allows.`)
    }
  }
  const defaults = { PATH: defaultPath(), HOME: '/tmp', LANG: 'C.UTF-8' }
  const missing = Object.entries(defaults).filter(([name]) => !entries.some((entry) => entry.name === name))
  return [...missing.map(([name, value]) => ({ name, value, sensitive: false })), ...entries]
}

/**
 * Shell text that ends the start unless each mount is the very directory that was made ready. Services can lay links in the
 * room's storage, and what is mounted is found by its path at every start.
 */
export function mountCheck(mounts: readonly { path: string; identity: string }[]): string {
  if (mounts.length === 0) return ''
  const found = `"$(stat -L -c %d:%i -- ${mounts.map((mount) => quoted(mount.path)).join(' ')})"`
  const expected = quoted(mounts.map((mount) => mount.identity).join('\n'))
  return `[ ${found} = ${expected} ] || { echo 'A mounted directory was replaced after it had been prepared. Restart the service.' >&2; exit 126; }\n`
}

/**
 * Shell text that sets the environment and becomes the command in "$@". It is read from a pipe inside the sandbox, so that no
 * value stands in an argv, and no variable (LD_PRELOAD, say) touches a program that still has rights.
 * @throws RuntimeError `invalid` for a sensitive variable whose name a shell cannot set.
 */
export function environmentScript(entries: readonly EnvironmentEntry[]): string {
  const lines = [`exec ${setupFd}<&- ${environmentFd}<&- ${statusFd}>&-`]
  const byArgument: string[] = []
  for (const { name, value, sensitive } of entries) {
    if (identifier.test(name) && !ofTheShell.test(name)) lines.push(`export ${name}=${quoted(value)}`)
    else if (!sensitive) byArgument.push(quoted(`${name}=${value}`))
    else throw new RuntimeError('invalid', `A secret cannot be given to a variable named ${name}: use letters, digits and underscores.`)
  }
  lines.push(['exec /usr/bin/env -u PWD -u OLDPWD -u SHLVL -u _', ...byArgument, '"$@"'].join(' '))
  return `${lines.join('\n')}\n`
}

/**
 * The argv, to be run inside the finished sandbox, that gives up all rights and becomes `command` with the environment that
 * `environmentScript` sends. With `confine`, it first becomes an ordinary user in a user namespace of its own.
 */
export function launcherArgv(command: readonly string[], options: { workingDir: string; confine: 'root' | 'user' | null }): string[] {
  const take = `cd -- "$1" || exit 126; shift; eval "$(cat <&${environmentFd})"`
  const become = ['/bin/sh', '-c', take, 'sh', options.workingDir, ...command]
  if (options.confine === null) return become
  const drop = ['setpriv', '--no-new-privs', '--ambient-caps=-all', '--inh-caps=-all', '--bounding-set=-all', '--', ...become]
  const noMoreNamespaces = ['/bin/sh', '-c', '{ echo 0 >/proc/sys/user/max_user_namespaces; } 2>/dev/null; exec "$@"', 'sh', ...drop]
  const namespace = ['unshare', '--user', `--map-user=${insideId}`, `--map-group=${insideId}`, '--keep-caps', '--', ...noMoreNamespaces]
  if (options.confine === 'user') return namespace
  return ['setpriv', `--reuid=${outsideId}`, `--regid=${outsideId}`, '--clear-groups', '--', ...namespace]
}
