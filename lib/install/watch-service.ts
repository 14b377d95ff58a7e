import type { Call } from '@/lib/call'
import { currentRuntime } from '@/lib/deployments/current-runtime'
import { eventView, statusView } from '@/lib/deployments/status-view'
import { onChange } from '@/lib/deployments/wake'
import { AppError } from '@/lib/errors'
import type { LogLine } from '@/lib/runtimes/runtime'
import { requireInstallation } from './require-installation'
import type { EventView, StatusView } from './views'

export type ServiceMessage = { kind: 'status'; data: StatusView } | { kind: 'event'; data: EventView } | { kind: 'log'; data: LogLine }

const POLL_MS = 2_000
const LOG_TAIL = 200
/** Lines that wait for a reader who is slower than the service; older ones are dropped. */
const LONGEST_QUEUE = 1_000
/** Pages that one person may have open on services at a time: each asks the database every other second. */
const MOST_WATCHED = 50
/** Whoever loses the right to look stops seeing within this time. */
const RECHECK_MS = 30_000

const watched = new Map<string, number>()

/**
 * The service as it is now, then every change, event and log line until `signal` aborts or the service is gone.
 * @throws AppError not-found, forbidden; also later, when the right to look has been taken away; too-many-attempts
 */
export async function* watchService(call: Call, input: { installationId: string }, signal: AbortSignal): AsyncGenerator<ServiceMessage> {
  const { installation } = await requireInstallation(call, input.installationId, 'view:service')
  const id = installation.id
  const { userId } = call.actor
  const open = watched.get(userId) ?? 0
  if (open >= MOST_WATCHED) throw new AppError('too-many-attempts', 'You have too many pages of services open. Close some.')
  watched.set(userId, open + 1)
  const queue: ServiceMessage[] = []
  let wake: () => void = () => undefined
  const ended = new AbortController()
  const done = AbortSignal.any([signal, ended.signal])
  const notify = (): void => wake()
  const stop = onChange(id, notify)
  done.addEventListener('abort', notify)
  const logs = followLogs(id, done, (line) => {
    queue.push({ kind: 'log', data: line })
    if (queue.length > LONGEST_QUEUE) queue.shift()
    notify()
  })
  let lastEvent = 0n
  let lastStatus = ''
  let checked = Date.now()
  try {
    while (!signal.aborted) {
      if (Date.now() - checked > RECHECK_MS) {
        await requireInstallation(call, id, 'view:service')
        checked = Date.now()
      }
      const row = await call.db.deployment.findUnique({ where: { installationId: id } })
      if (!row) return
      const events = await call.db.deploymentEvent.findMany({ where: { installationId: id, id: { gt: lastEvent } }, orderBy: { id: 'asc' }, take: 200 })
      for (const event of events) {
        lastEvent = event.id
        yield { kind: 'event', data: eventView(event) }
      }
      const status = statusView(row)
      const text = JSON.stringify(status)
      if (text !== lastStatus) {
        lastStatus = text
        yield { kind: 'status', data: status }
      }
      yield* queue.splice(0)
      if (row.phase === 'Removed') return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
        if (queue.length > 0 || signal.aborted) wake()
      })
    }
  } finally {
    const left = (watched.get(userId) ?? 1) - 1
    if (left > 0) watched.set(userId, left)
    else watched.delete(userId)
    stop()
    ended.abort()
    await logs
  }
}

/** Follows the runtime's log; a workload that is not there yet, or is replaced, is looked for again. */
async function followLogs(id: string, signal: AbortSignal, line: (line: LogLine) => void): Promise<void> {
  const runtime = await currentRuntime()
  let latest = ''
  while (!signal.aborted) {
    const seen = latest
    try {
      for await (const entry of runtime.logs(id, { tail: LOG_TAIL, follow: true, signal })) {
        if (entry.at <= seen) continue
        latest = entry.at
        line(entry)
      }
    } catch {
      // The engine may be away; the status says so.
    }
    await nextChange(id, signal)
  }
}

/** Until the deployment changes, some time has passed, or `signal` aborts. */
async function nextChange(id: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, POLL_MS)
    const stop = onChange(id, end)
    signal.addEventListener('abort', end)
  })
}
