import { createHash } from 'node:crypto'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { MemoryProcess, MemoryProgram } from './memory'

/** A command of the suite, twice: for a shell (busybox's too), and for the runtime that has no processes. */
interface Program {
  command: string
  simulate: MemoryProgram
}

const untilStopped = ({ signal }: MemoryProcess): Promise<number> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(143)
    signal.addEventListener('abort', () => resolve(143), { once: true })
  })

/** Where a path of the workload lies on this machine. */
function hostPath({ workload }: MemoryProcess, inside: string): string {
  const mount = workload.mounts.find((entry) => inside.startsWith(`${entry.path}/`))
  if (!mount) throw new Error(`nothing is mounted at ${inside}`)
  return path.join(mount.source, inside.slice(mount.path.length))
}

async function write(process: MemoryProcess, inside: string, text: string): Promise<void> {
  const file = hostPath(process, inside)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

const start = (process: MemoryProcess): Promise<void> => appendFile(hostPath(process, '/data/starts'), 'start\n')
const shell = (script: string): string => `/bin/sh -c '${script}'`

/** What the suite runs. None of the shell texts holds a single quote. */
export const programs = {
  /** Notes its start in /data/starts and stays. */
  stay: {
    command: shell('echo start >>/data/starts; exec sleep 600'),
    simulate: async (process) => {
      await start(process)
      return untilStopped(process)
    },
  },
  /** Writes $FIRST and $SECOND, and its own environment's digest of $TOKEN, to /data. */
  reportEnvironment: {
    command: shell('printf %s "$FIRST" >/data/first; printf %s "$SECOND" >/data/second; printf %s "$TOKEN" | sha256sum | cut -c1-64 >/data/digest; echo start >>/data/starts; exec sleep 600'),
    simulate: async (process) => {
      const value = (name: string): string => process.environment.get(name) ?? ''
      await write(process, '/data/first', value('FIRST'))
      await write(process, '/data/second', value('SECOND'))
      await write(process, '/data/digest', `${createHash('sha256').update(value('TOKEN')).digest('hex')}\n`)
      await start(process)
      return untilStopped(process)
    },
  },
  /** Copies /config/settings.txt to /data and tries to write to everything that may be read-only, and to /scratch. */
  tryFiles: {
    command: shell(
      'cp /config/settings.txt /data/copy; ' +
        'try() { if { echo more >>"$1"; } 2>/dev/null; then echo "$1 written"; else echo "$1 refused"; fi; }; ' +
        '{ try /config/settings.txt; try /shared/new; try /scratch/new; try /tmp/new; try /new; pwd; } >/data/tried; echo start >>/data/starts; exec sleep 600',
    ),
    simulate: async (process) => {
      const { files, workingDir } = process.workload
      await write(process, '/data/copy', files.find((file) => file.path === '/config/settings.txt')?.text ?? '')
      await write(process, '/data/tried', ['/config/settings.txt refused', '/shared/new refused', '/scratch/new written', '/tmp/new written', '/new refused', workingDir, ''].join('\n'))
      await start(process)
      return untilStopped(process)
    },
  },
  /** Ends at once with status 3. */
  crash: {
    command: shell('echo start >>/data/starts; exit 3'),
    simulate: async (process) => {
      await start(process)
      return 3
    },
  },
  /** Names a program that does not exist. */
  missing: { command: '/no/such/program --at-all', simulate: () => Promise.resolve(127) },
  /** Ends at once with status 0. */
  finish: {
    command: shell('echo start >>/data/starts; exit 0'),
    simulate: async (process) => {
      await start(process)
      return 0
    },
  },
  /** Prints 20 numbered lines, one line to stderr, then `later` as soon as /data/go exists. */
  talk: {
    command: shell('i=1; while [ $i -le 20 ]; do echo "line $i"; i=$((i+1)); done; echo problem >&2; echo start >>/data/starts; until [ -e /data/go ]; do sleep 0.05; done; echo later; exec sleep 600'),
    simulate: async (process) => {
      for (let i = 1; i <= 20; i += 1) process.print(`line ${i}`)
      process.print('problem', 'stderr')
      await start(process)
      const { existsSync } = await import('node:fs')
      while (!existsSync(hostPath(process, '/data/go')) && !process.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 20))
      process.print('later')
      return untilStopped(process)
    },
  },
  /** Prints $TOKEN in many ways, $KEY (several lines) as it is, and $PLAIN. */
  leak: {
    command: shell(
      'echo "token is $TOKEN."; printf %s "${TOKEN%????}"; sleep 0.3; printf "%s\\n" "${TOKEN#"${TOKEN%????}"}"; printf %s "$TOKEN" | base64; printf "user:%s" "$TOKEN" | base64; ' +
        'echo "$KEY"; printf %s "$KEY" | base64; echo "plain is $PLAIN"; echo start >>/data/starts; exec sleep 600',
    ),
    simulate: async (process) => {
      const value = (name: string): string => process.environment.get(name) ?? ''
      const base64 = (text: string): string => Buffer.from(text).toString('base64')
      process.print(`token is ${value('TOKEN')}.`)
      process.print(value('TOKEN'))
      process.print(base64(value('TOKEN')))
      process.print(base64(`user:${value('TOKEN')}`))
      process.print(value('KEY'))
      process.print(base64(value('KEY')).replace(/.{76}/g, '$&\n'))
      process.print(`plain is ${value('PLAIN')}`)
      await start(process)
      return untilStopped(process)
    },
  },
} satisfies Record<string, Program>

/** The programs, for the runtime that has no processes. */
export const simulatedPrograms: Readonly<Record<string, MemoryProgram>> = Object.fromEntries(Object.values(programs).map(({ command, simulate }) => [command, simulate]))
