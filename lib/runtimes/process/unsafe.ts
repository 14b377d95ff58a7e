import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { isWithin } from '../inside-path'
import { RuntimeError } from '../runtime'
import { completeEnvironment } from './launcher'
import { endOf, type Sandbox } from './sandbox'
import type { StagedWorkload } from './sandbox-plan'

const running = new Set<ChildProcess>()

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // already gone
  }
}

function killAll(): void {
  for (const child of running) killGroup(child)
}

/** Linux ends the command with this process, however that ends; elsewhere only an orderly end does. */
const diesWithParent = (): string[] => (existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [])

/**
 * Runs commands without any isolation, for development on machines that offer none. There is no file system to place things
 * in, so a word of the command, or the working directory, that lies at a file's or mount's path becomes its place on this
 * machine.
 */
export async function openUnsafe(stateDir: string): Promise<Sandbox> {
  const scratch = path.join(stateDir, '.scratch')
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  process.removeListener('exit', killAll).on('exit', killAll)
  const placeOf = (word: string, staged: StagedWorkload): string => {
    const holder = [...staged.files, ...staged.mounts].find((entry) => isWithin(word, entry.path))
    return holder ? holder.source + word.slice(holder.path.length) : word
  }
  return {
    tool: 'none',
    start({ workload, command, staged }) {
      const [program = '', ...rest] = [...diesWithParent(), ...command.map((word) => placeOf(word, staged))]
      const place = workload.workingDir === null ? scratch : placeOf(workload.workingDir, staged)
      const environment: Record<string, string> = Object.fromEntries(completeEnvironment(workload.environment).map(({ name, value }) => [name, value]))
      const child = spawn(program, rest, { cwd: existsSync(place) ? place : scratch, env: environment as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      running.add(child)
      // what the command left behind in its group holds its output open
      child.once('exit', () => killGroup(child))
      const ended = endOf(child).finally(() => running.delete(child))
      if (!child.stdout || !child.stderr) throw new RuntimeError('failed', 'The command could not be started.')
      return { stdout: child.stdout, stderr: child.stderr, started: Promise.resolve(child.pid ?? null), ended, kill: () => killGroup(child) }
    },
  }
}
