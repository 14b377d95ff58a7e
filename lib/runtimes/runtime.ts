/**
 * The contract between the reconciler and whatever runs services. A driver knows nothing of databases, people or secrets:
 * it gets a resolved `Workload` and makes it so. One shared suite (contract-suite.ts) proves every driver.
 */

export type RuntimeName = 'process' | 'docker' | 'memory'

/** One environment variable. `sensitive` values must never reach argv, labels, log files or error messages. */
export interface EnvironmentEntry {
  name: string
  value: string
  sensitive: boolean
}

/** A directory of the host that the workload sees at `path`. The driver creates nothing outside `source`. */
export interface Mount {
  source: string
  path: string
  readOnly: boolean
}

/** A text file placed at `path` before the command starts. */
export interface SeededFile {
  path: string
  text: string
  readOnly: boolean
}

/** A service, resolved and runtime-neutral. */
export interface Workload {
  /** Lower-case letters, digits and dashes; the idempotency key of every verb below. */
  id: string
  /** Grows with every change; `apply` of another generation replaces what runs. */
  generation: number
  /** Shown by the engine's own tools; never holds a value. */
  labels: Readonly<Record<string, string>>
  image: string
  command: string | null
  workingDir: string | null
  environment: readonly EnvironmentEntry[]
  mounts: readonly Mount[]
  files: readonly SeededFile[]
  emptyDirs: readonly { path: string; readOnly: boolean }[]
  ports: readonly { num: number; protocol: 'http' | 'tcp' }[]
  /** False: the root file system is read-only where the engine can. */
  writableRoot: boolean
}

export type WorkloadState = 'absent' | 'pulling' | 'starting' | 'running' | 'restarting' | 'exited'

/** What the driver sees now. Times are ISO 8601. */
export interface Observation {
  state: WorkloadState
  generation: number | null
  restarts: number
  exitCode: number | null
  startedAt: string | null
  imageDigest: string | null
}

export interface LogLine {
  at: string
  stream: 'stdout' | 'stderr'
  text: string
}

/** Whether the driver can run anything here, and how strongly services are kept apart. Sentences are shown to people. */
export interface RuntimeHealth {
  available: boolean
  /** Why not, and what to do about it; null when available. */
  reason: string | null
  usesImage: boolean
  isolation: 'container' | 'namespaces' | 'none'
  isolationNote: string
}

export type RuntimeErrorCode =
  | 'unavailable' // the engine does not answer: try again later
  | 'image-not-found'
  | 'pull-denied'
  | 'no-command' // nothing to run: the manifest has no command and the driver does not use the image
  | 'invalid' // the workload can never run as it is
  | 'failed' // anything else; may be tried again

/** A driver's failure. `message` is public: it names what went wrong and what to do, never an environment value. */
export class RuntimeError extends Error {
  readonly code: RuntimeErrorCode
  constructor(code: RuntimeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'RuntimeError'
    this.code = code
  }
}

export type Progress = (step: 'pulling' | 'starting', message: string) => void

export interface Runtime {
  readonly name: RuntimeName
  health(): Promise<RuntimeHealth>
  /**
   * Makes the workload run as described and returns once its process has been started (not: is healthy).
   * Same id and generation again: changes nothing if it is running, starts it if it is not. Another generation: replaces.
   * Half-done work of an earlier, killed call is completed or replaced. Throws RuntimeError.
   */
  apply(workload: Workload, options: { signal: AbortSignal; progress: Progress }): Promise<void>
  /** Never throws for an unknown id: that is `absent`. Throws RuntimeError 'unavailable' when the engine does not answer. */
  observe(id: string): Promise<Observation>
  /** Stops and removes everything made for `id` except what lies in `mounts`. Unknown id: nothing to do. */
  remove(id: string): Promise<void>
  /** Ids of all workloads that this driver made under this Latchkey and that still exist, running or not. */
  list(): Promise<string[]>
  /** Past lines (newest `tail`), then, with `follow`, new ones until `signal` aborts. Sensitive values are masked. */
  logs(id: string, options: { tail: number; follow: boolean; signal: AbortSignal }): AsyncIterable<LogLine>
  /** Ends what must not outlive this process (process driver) or just lets go (docker). */
  close(): Promise<void>
}
