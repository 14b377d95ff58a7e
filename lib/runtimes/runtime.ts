/**
 * The contract between the reconciler and whatever runs services. A driver knows nothing of databases, people or secrets:
 * it gets a resolved `Workload` and makes it so. One shared suite (contract-suite.ts) proves every driver.
 */

export type RuntimeName = 'process' | 'docker' | 'memory'

/**
 * One environment variable. `sensitive` values must never reach argv, labels, error messages or this project's files, and are
 * masked in what `logs` gives. (An engine stores what a container prints as it is, in its own, bounded log.)
 */
export interface EnvironmentEntry {
  name: string
  value: string
  sensitive: boolean
}

/**
 * A directory of the host that the workload sees at `path`. The driver makes `source` if it is missing, lets the workload's user
 * in (only below the data directory), and creates nothing outside it. Where a file, empty directory or working directory lies
 * below `path`, an empty place for it, or the file itself, appears in `source` and stays there.
 */
export interface Mount {
  source: string
  path: string
  readOnly: boolean
}

/** A text file placed at `path` before the command starts, executable. */
export interface SeededFile {
  path: string
  text: string
  readOnly: boolean
  /** Its text holds a value that must not come to rest on a disk of this server. */
  sensitive?: boolean
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
  /** Split by command-line.ts and executed directly, in place of the image's entrypoint and arguments. Null: the image's own. */
  command: string | null
  /** Created when absent. */
  workingDir: string | null
  environment: readonly EnvironmentEntry[]
  mounts: readonly Mount[]
  files: readonly SeededFile[]
  emptyDirs: readonly { path: string; readOnly: boolean }[]
  ports: readonly { num: number; protocol: 'http' | 'tcp' }[]
  /** False: the root file system is read-only where the engine can. */
  writableRoot: boolean
}

/**
 * `absent`: nothing is there. `pulling`, `starting`: the first process is not there yet. `restarting`: the command has ended and
 * will be started again by itself, whatever its exit code. `exited`: it is not running and nothing will start it but `apply`.
 */
export type WorkloadState = 'absent' | 'pulling' | 'starting' | 'running' | 'restarting' | 'exited'

/** What the driver sees now. Times are ISO 8601. */
export interface Observation {
  state: WorkloadState
  generation: number | null
  /** Times that this generation's command was started again. */
  restarts: number
  /** Of the command's last end, if one was seen; 128 + signal number when a signal ended it. */
  exitCode: number | null
  /** Of the latest start. */
  startedAt: string | null
  /** The engine's id of the image that runs; null where no image is used. */
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
   * Same id and generation again: changes nothing if it is running or waits for its restart, starts it if it is not. Another
   * generation: replaces. Calls for one id follow each other. Half-done work of an earlier, killed call is completed or
   * replaced. Throws RuntimeError, or the signal's reason when it aborts before anything of this generation was started.
   */
  apply(workload: Workload, options: { signal: AbortSignal; progress: Progress }): Promise<void>
  /** Never throws for an unknown id: that is `absent`. Throws RuntimeError 'unavailable' when the engine does not answer. */
  observe(id: string): Promise<Observation>
  /** Stops and removes everything made for `id` except what lies in `mounts`. Unknown id: nothing to do. */
  remove(id: string): Promise<void>
  /** Ids of all workloads that this driver made under this Latchkey and that still exist, running or not. */
  list(): Promise<string[]>
  /**
   * Past lines (newest `tail`), then, with `follow`, new ones until `signal` aborts or the workload is removed. Sensitive values
   * are masked (mask.ts says in which forms); a line has at most 8 Ki characters. Unknown id: no lines.
   */
  logs(id: string, options: { tail: number; follow: boolean; signal: AbortSignal }): AsyncIterable<LogLine>
  /** Ends what must not outlive this process (process driver) or just lets go (docker). */
  close(): Promise<void>
}
