import { mkdir } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { checkWorkload } from './check-workload'
import { createLineReader } from './line-reader'
import { createMask } from './mask'
import { RuntimeError, type LogLine, type Observation, type Progress, type Runtime, type RuntimeHealth, type Workload } from './runtime'
import { createTurns } from './turns'

/** What a simulated command sees. It runs until it returns its exit code; `signal` is its SIGTERM. */
export interface MemoryProcess {
  readonly workload: Workload
  readonly environment: ReadonlyMap<string, string>
  print(text: string, stream?: 'stdout' | 'stderr'): void
  readonly signal: AbortSignal
}

export type MemoryProgram = (process: MemoryProcess) => Promise<number>

export interface MemoryRuntime extends Runtime {
  /** Workloads that were started, in order, with every value: for assertions. */
  readonly started: readonly Workload[]
  /** False: every verb fails with `unavailable` until it is true again. */
  setAvailable(available: boolean): void
  /** The next `apply` fails with this, before it changes anything. */
  failNext(error: RuntimeError): void
  /** Ends the running command with this exit code; it restarts after `restartDelay`. */
  crash(id: string, exitCode: number): void
  /** Prints a line as the running command would. */
  print(id: string, text: string, stream?: 'stdout' | 'stderr'): void
}

export interface MemoryOptions {
  /** What a command does, by its exact text (by image where there is none). A command not listed runs until it is stopped. */
  programs?: Readonly<Record<string, MemoryProgram>>
  /** Images that exist; all do when left out. */
  images?: readonly string[]
  /** Images that no start has used before take this long to pull, in milliseconds. */
  pullDelay?: number
  /** Milliseconds between the end of a command and its restart. */
  restartDelay?: number
}

interface Entry {
  workload: Workload
  observation: Observation
  log: LogLine[]
  followers: Set<() => void>
  stop: AbortController
  crash: (exitCode: number) => void
  print: (text: string, stream: 'stdout' | 'stderr') => void
}

const untilStopped: MemoryProgram = ({ signal }) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(143), { once: true })
  })

/** A runtime without processes, for tests of what stands above it. Passes the shared suite. */
export function openMemoryRuntime(options: MemoryOptions = {}): MemoryRuntime {
  const { programs = {}, images, pullDelay = 0, restartDelay = 20 } = options
  const entries = new Map<string, Entry>()
  const inTurn = createTurns()
  const pulled = new Set<string>()
  const pulling = new Set<string>()
  const started: Workload[] = []
  let available = true
  let failure: RuntimeError | null = null

  const answer = (): void => {
    if (!available) throw new RuntimeError('unavailable', 'The runtime does not answer.')
  }

  const run = (entry: Entry): void => {
    const { workload } = entry
    const mask = createMask(workload.environment)
    const add = (texts: string[], stream: 'stdout' | 'stderr'): void => {
      entry.log.push(...texts.map((text) => ({ at: new Date().toISOString(), stream, text })))
      for (const follower of entry.followers) follower()
    }
    entry.print = (text, stream) => add(createLineReader(mask).push(Buffer.from(`${text}\n`)), stream)
    entry.observation = { ...entry.observation, state: 'running', startedAt: new Date().toISOString() }
    const program = programs[workload.command ?? workload.image] ?? untilStopped
    const crashed = new Promise<number>((resolve) => {
      entry.crash = resolve
    })
    const ended = program({
      workload,
      environment: new Map(workload.environment.map(({ name, value }) => [name, value])),
      print: (text, stream = 'stdout') => entry.print(text, stream),
      signal: entry.stop.signal,
    })
    void Promise.race([crashed, ended.catch(() => 1)]).then((exitCode) => {
      if (entry.stop.signal.aborted) return
      entry.observation = { ...entry.observation, state: 'restarting', exitCode }
      setTimeout(() => {
        if (entry.stop.signal.aborted) return
        entry.observation = { ...entry.observation, restarts: entry.observation.restarts + 1 }
        run(entry)
      }, restartDelay).unref()
    })
  }

  const pull = async (workload: Workload, signal: AbortSignal): Promise<void> => {
    pulling.add(workload.id)
    try {
      await pause(pullDelay, undefined, { signal })
    } catch {
      throw signal.reason
    } finally {
      pulling.delete(workload.id)
    }
    if (images && !images.includes(workload.image)) {
      throw new RuntimeError('image-not-found', `The image ${workload.image} does not exist.`)
    }
    pulled.add(workload.image)
  }

  const replace = async (workload: Workload, signal: AbortSignal, progress: Progress): Promise<void> => {
    const before = entries.get(workload.id)
    if (before?.workload.generation === workload.generation) return
    if (!pulled.has(workload.image)) {
      progress('pulling', `Pulling ${workload.image}`)
      await pull(workload, signal)
    }
    signal.throwIfAborted()
    progress('starting', 'Starting')
    await Promise.all(workload.mounts.map((mount) => mkdir(mount.source, { recursive: true })))
    entries.get(workload.id)?.stop.abort()
    const entry: Entry = {
      workload,
      observation: { state: 'starting', generation: workload.generation, restarts: 0, exitCode: null, startedAt: null, imageDigest: null },
      log: before?.log ?? [],
      followers: before?.followers ?? new Set(),
      stop: new AbortController(),
      crash: () => undefined,
      print: () => undefined,
    }
    entries.set(workload.id, entry)
    started.push(workload)
    run(entry)
  }

  return {
    name: 'memory',
    started,
    setAvailable: (value) => {
      available = value
    },
    failNext: (error) => {
      failure = error
    },
    crash: (id, exitCode) => entries.get(id)?.crash(exitCode),
    print: (id, text, stream = 'stdout') => entries.get(id)?.print(text, stream),

    async health(): Promise<RuntimeHealth> {
      return {
        available,
        reason: available ? null : 'The runtime does not answer.',
        usesImage: true,
        isolation: 'none',
        isolationNote: 'Services are simulated.',
      }
    },

    async apply(workload, { signal, progress }) {
      signal.throwIfAborted()
      checkWorkload(workload)
      answer()
      if (failure) {
        const error = failure
        failure = null
        throw error
      }
      await inTurn(workload.id, () => replace(workload, signal, progress))
    },

    async observe(id) {
      answer()
      const entry = entries.get(id)
      if (entry) return { ...entry.observation }
      const state = pulling.has(id) ? 'pulling' : 'absent'
      return { state, generation: null, restarts: 0, exitCode: null, startedAt: null, imageDigest: null }
    },

    async remove(id) {
      answer()
      await inTurn(id, async () => {
        const entry = entries.get(id)
        entries.delete(id)
        entry?.stop.abort()
        for (const follower of entry?.followers ?? []) follower()
      })
    },

    async list() {
      answer()
      return [...entries.keys()]
    },

    async *logs(id, { tail, follow, signal }) {
      answer()
      const entry = entries.get(id)
      if (!entry) return
      let wake = (): void => undefined
      const follower = (): void => wake()
      entry.followers.add(follower)
      signal.addEventListener('abort', follower, { once: true })
      try {
        let next = Math.max(0, entry.log.length - tail)
        while (!signal.aborted) {
          const ready = new Promise<void>((resolve) => {
            wake = resolve
          })
          for (let line = entry.log[next]; line; line = entry.log[next]) {
            next += 1
            yield line
          }
          if (!follow || !entries.has(id)) return
          if (entry.log.length === next && !signal.aborted) await ready
        }
      } finally {
        entry.followers.delete(follower)
        signal.removeEventListener('abort', follower)
      }
    },

    async close() {
      for (const entry of entries.values()) entry.stop.abort()
      entries.clear()
    },
  }
}
