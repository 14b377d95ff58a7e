import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import { type Inspection, type InspectOptions, type Issue, refusedInspection } from './inspect'
import type { RenderInputs, RenderResult } from './render'

export type JobMessage =
  | { readonly type: 'inspect'; readonly text: string; readonly options: InspectOptions }
  | { readonly type: 'render'; readonly text: string; readonly inputs: RenderInputs }
export type WorkerMessage = { readonly type: 'ready' } | { readonly type: 'done'; readonly result: Inspection | RenderResult } | { readonly type: 'failed'; readonly name: string }

/** Far beyond what the engine's own limits let a template take; a last line of defence. */
const JOB_MILLISECONDS = 5_000
const START_MILLISECONDS = 30_000
const MAX_WAITING = 200
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 }

type Outcome = { readonly ok: true; readonly result: Inspection | RenderResult } | { readonly ok: false; readonly issue: Issue }
interface Job {
  readonly message: JobMessage
  readonly milliseconds: number
  readonly settle: (outcome: Outcome) => void
  readonly fail: (error: Error) => void
}

/** `inspectTemplate` in a worker thread, so that no template can stall or crash the server. */
export async function inspectIsolated(text: string, options: InspectOptions = {}, milliseconds = JOB_MILLISECONDS): Promise<Inspection> {
  const outcome = await run({ type: 'inspect', text, options: { ...options, ...(options.secretsGiven && { secretsGiven: [...options.secretsGiven] }) } }, milliseconds)
  return outcome.ok ? (outcome.result as Inspection) : refusedInspection(outcome.issue)
}

/** `renderService` in a worker thread. */
export async function renderIsolated(text: string, inputs: RenderInputs, milliseconds = JOB_MILLISECONDS): Promise<RenderResult> {
  const outcome = await run({ type: 'render', text, inputs: { ...inputs, secretsGiven: [...inputs.secretsGiven] } }, milliseconds)
  return outcome.ok ? (outcome.result as RenderResult) : { ok: false, errors: [outcome.issue] }
}

const waiting: Job[] = []
let current: Job | null = null
let worker: Worker | null = null
let ready = false
let timer: NodeJS.Timeout | undefined

function run(message: JobMessage, milliseconds: number): Promise<Outcome> {
  if (waiting.length >= MAX_WAITING) return Promise.resolve(limited('The server is checking too many templates at once; try again.'))
  return new Promise((settle, fail) => {
    waiting.push({ message, milliseconds, settle, fail })
    advance()
  })
}

const limited = (message: string): Outcome => ({ ok: false, issue: { code: 'limit', message, path: '', line: 1, column: 1 } })

function advance(): void {
  if (current || waiting.length === 0) return
  const thread = (worker ??= start())
  // An idle worker must not keep the process alive, a busy one must.
  thread.ref()
  if (!ready) return
  const job = waiting.shift()
  if (!job) return
  current = job
  timer = setTimeout(() => abandon(thread, 'The template takes too long to check.'), job.milliseconds)
  thread.postMessage(job.message)
}

function start(): Worker {
  // Taken from the process, so that no bundler follows the path. The worker brings its own TypeScript loader.
  const threads = process.getBuiltinModule('node:worker_threads')
  const file = path.join(process.cwd(), 'lib', 'manifest', 'worker.mjs')
  const thread = new threads.Worker(file, { execArgv: [], env: {}, resourceLimits: RESOURCE_LIMITS, stdout: false, stderr: false })
  timer = setTimeout(() => abandon(thread, 'The checker of templates did not start.'), START_MILLISECONDS)
  thread.on('message', (message: WorkerMessage) => {
    if (worker === thread) receive(thread, message)
  })
  thread.on('error', () => abandon(thread, 'The template needs too much memory to check.'))
  thread.on('exit', () => abandon(thread, 'The checker of templates stopped.'))
  return thread
}

function receive(thread: Worker, message: WorkerMessage): void {
  clearTimeout(timer)
  if (message.type === 'ready') ready = true
  else {
    const job = current
    current = null
    if (message.type === 'done') job?.settle({ ok: true, result: message.result })
    else job?.fail(new Error(`A template could not be checked: ${message.name}.`))
  }
  if (waiting.length === 0) thread.unref()
  advance()
}

/** Gives up on a worker; the next job gets a fresh one. */
function abandon(thread: Worker, reason: string): void {
  if (worker !== thread) return
  clearTimeout(timer)
  const job = current ?? (ready ? undefined : waiting.shift())
  worker = null
  ready = false
  current = null
  void thread.terminate()
  job?.settle(limited(reason))
  advance()
}
