import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { isWithin } from '../inside-path'
import { RuntimeError } from '../runtime'
import { completeEnvironment } from './launcher'
import { endOf, type Sandbox } from './sandbox'
import type { StagedWorkload } from './sandbox-plan'

/**
 * Runs commands without any isolation, for development on machines that offer none. There is no file system to place things
 * in, so a word of the command, or the working directory, that lies at a file's or mount's path is given its place on this
 * machine instead.
 */
export async function openUnsafe(stateDir: string): Promise<Sandbox> {
  const scratch = path.join(stateDir, '.scratch')
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const placeOf = (word: string, staged: StagedWorkload): string => {
    const holder = [...staged.files, ...staged.mounts].find((entry) => isWithin(word, entry.path))
    return holder ? holder.source + word.slice(holder.path.length) : word
  }
  return {
    tool: 'none',
    start({ workload, command, staged }) {
      const [program = '', ...rest] = command.map((word) => placeOf(word, staged))
      const cwd = workload.workingDir === null ? scratch : placeOf(workload.workingDir, staged)
      const env: Record<string, string> = Object.fromEntries(completeEnvironment(workload.environment).map(({ name, value }) => [name, value]))
      const child = spawn(program, rest, { cwd, env: env as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      const killAll = (): void => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
        } catch {
          // already gone
        }
      }
      process.once('exit', killAll)
      const ended = endOf(child).finally(() => {
        process.removeListener('exit', killAll)
        killAll()
      })
      if (!child.stdout || !child.stderr) throw new RuntimeError('failed', 'The command could not be started.')
      return { stdout: child.stdout, stderr: child.stderr, started: Promise.resolve(child.pid ?? null), ended, kill: killAll }
    },
  }
}
