import { createLineReader } from '../line-reader'
import type { Mask } from '../mask'
import type { LogLine, Observation } from '../runtime'
import type { LogRing } from './log-ring'
import type { SandboxedProcess } from './sandbox'

/** Milliseconds; see `restartDelay`. */
const firstDelay = 1_000
const longestDelay = 60_000
/** A command that ran this long starts again without a history. */
const steadyAfter = 60_000
/** Between SIGTERM and SIGKILL. */
const stopLimit = 5_000

/** 1 s, doubled with every start in a row that did not last, at most 60 s; of which between half and all, so that services spread. */
export function restartDelay(failures: number, random = Math.random()): number {
  const full = Math.min(longestDelay, firstDelay * 2 ** Math.max(0, failures - 1))
  return full * (0.5 + random / 2)
}

export interface Supervisor {
  /** Resolves once the first process has been started; rejects if it could not be. */
  ready: Promise<void>
  observation(): Observation
  /** Ends the command and everything it started; resolves once all is gone. */
  stop(): Promise<void>
}

export interface Supervised {
  generation: number
  start(): SandboxedProcess
  mask: Mask
  log: LogRing
  /** Milliseconds to wait before the next start; for tests. */
  delay?: (failures: number) => number
}

const sentence = (code: number): string => (code > 128 && code < 160 ? `by signal ${code - 128}` : `with status ${code}`)

/** Keeps a command running until it is stopped: a service should stay up, so a clean end counts as an end too. */
export function supervise({ generation, start, mask, log, delay = restartDelay }: Supervised): Supervisor {
  const seen: Observation = { state: 'starting', generation, restarts: 0, exitCode: null, startedAt: null, imageDigest: null }
  let failures = 0
  let stopping = false
  let current: { process: SandboxedProcess; pid: number | null } | null = null
  let wakeUp = (): void => undefined

  const note = (text: string): Promise<void> => log.append([{ at: new Date().toISOString(), stream: 'stderr', text: `[latchkey] ${text}` }])

  const collect = async (stream: LogLine['stream'], output: SandboxedProcess['stdout']): Promise<void> => {
    const reader = createLineReader(mask)
    const store = (texts: string[]): Promise<void> => {
      const at = new Date().toISOString()
      return texts.length === 0 ? Promise.resolve() : log.append(texts.map((text) => ({ at, stream, text })))
    }
    try {
      // awaiting each chunk makes a service that prints faster than the disk writes wait
      for await (const chunk of output) await store(reader.push(chunk as Buffer))
    } catch {
      // the pipe broke with the process
    }
    await store(reader.end())
  }

  const runOnce = async (child: SandboxedProcess, began: () => void): Promise<number> => {
    current = { process: child, pid: null }
    const output = Promise.all([collect('stdout', child.stdout), collect('stderr', child.stderr)])
    const pid = await child.started
    current.pid = pid
    if (stopping) terminate()
    else if (pid !== null) Object.assign(seen, { state: 'running', startedAt: new Date().toISOString() })
    began()
    const code = await child.ended
    await output
    current = null
    return code
  }

  const terminate = (): void => {
    if (!current) return
    const { process: child, pid } = current
    try {
      // process 1 leads the session of the namespace and is itself immune to SIGTERM from outside (pid_namespaces(7))
      if (pid === null) child.kill()
      else process.kill(-pid, 'SIGTERM')
    } catch {
      child.kill()
    }
  }

  const startAgain = (): SandboxedProcess | null => {
    try {
      return start()
    } catch {
      return null // for want of memory or descriptors, say: tried again like any other end
    }
  }

  const keepRunning = async (began: () => void): Promise<void> => {
    let child: SandboxedProcess | null = start()
    while (!stopping) {
      const from = Date.now()
      const code = child ? await runOnce(child, began) : 127
      if (stopping) break
      failures = Date.now() - from >= steadyAfter ? 1 : failures + 1
      const wait = delay(failures)
      Object.assign(seen, { state: 'restarting', exitCode: code })
      await note(`The command ended ${sentence(code)}; it starts again in ${(wait / 1000).toFixed(1)} s.`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
        if (stopping) wakeUp()
      })
      if (stopping) break
      seen.restarts += 1
      child = startAgain()
    }
    seen.state = 'exited'
  }

  let finished: Promise<void> = Promise.resolve()
  const ready = new Promise<void>((resolve, reject) => {
    finished = keepRunning(resolve)
    finished.catch(reject)
  })
  ready.catch(() => undefined)

  return {
    ready,
    observation: () => ({ ...seen }),
    async stop() {
      stopping = true
      wakeUp()
      terminate()
      const limit = setTimeout(() => current?.process.kill(), stopLimit)
      await finished.catch(() => undefined)
      clearTimeout(limit)
    },
  }
}
