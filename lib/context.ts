import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/** The header that carries the request id, in and out. */
export const requestIdHeader = 'x-request-id'

// One store for the http server and for Next's bundle, which have modules of their own.
const KEY = Symbol.for('latchkey.request')
const slot = globalThis as { [KEY]?: AsyncLocalStorage<string> }
const requests = (slot[KEY] ??= new AsyncLocalStorage<string>())

/** Runs `work` as the request `id`; all that it starts sees that id. */
export const runAsRequest = <T>(id: string, work: () => T): T => requests.run(id, work)

/** The id of the current request, or undefined outside of any. */
export const currentRequestId = (): string | undefined => requests.getStore()

/** The id that ties log lines and audit rows to the current request. */
export const requestId = (): Promise<string> => Promise.resolve(currentRequestId() ?? 'none')

/** A caller's own request id when it looks like one, else a new one. */
export const requestIdFrom = (sent: string | string[] | undefined): string =>
  typeof sent === 'string' && /^[\w-]{8,64}$/.test(sent) ? sent : randomUUID()
