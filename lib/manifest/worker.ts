import { parentPort } from 'node:worker_threads'
import type { JobMessage, WorkerMessage } from './isolate'
import { inspectTemplate } from './inspect'
import { renderService } from './render'

/** Runs the jobs of isolate.ts, one at a time. */
const port = parentPort
if (!port) throw new Error('worker.ts runs only as a worker thread.')
const send = (message: WorkerMessage): void => port.postMessage(message)

port.on('message', (job: JobMessage) => {
  try {
    send({ type: 'done', result: job.type === 'inspect' ? inspectTemplate(job.text, job.options) : renderService(job.text, job.inputs) })
  } catch (error) {
    // The message could quote a value; the name of the failure is enough to look for it with the template at hand.
    send({ type: 'failed', name: error instanceof Error ? error.name : 'unknown' })
  }
})
send({ type: 'ready' })
