import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import next from 'next'
import { stampClient } from './lib/auth/client-address'
import { requestIdFrom, requestIdHeader, runAsRequest } from './lib/context'
import { env } from './lib/env'
import { registeredServer, registeredUpgrades, type ServerHooks } from './lib/server-hooks'

const DRAIN_MS = 5_000
const START_MS = 120_000

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface RunningServer {
  /** Where people reach it. */
  origin: string
  firstAdmin: ServerHooks['firstAdmin']
  /** Ends requests, services and the database, in that order. */
  stop(): Promise<void>
}

/**
 * The http server: requests go to Next, upgrades to the handler registered with `registerUpgrades`. It listens at once and
 * answers 503 until Next is ready.
 * @throws the system's error when the address cannot be had, and what kept Next or its instrumentation from starting
 */
export async function serve(options: { development: boolean; directory: string }): Promise<RunningServer> {
  const settings = env()
  let handle: Handle | undefined
  const server = createServer((request, response) => {
    const id = requestIdFrom(request.headers[requestIdHeader])
    request.headers[requestIdHeader] = id
    response.setHeader(requestIdHeader, id)
    stampClient(request, settings.LATCHKEY_TRUST_PROXY)
    if (handle === undefined) starting(response)
    else void runAsRequest(id, () => handle?.(request, response))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.PORT, settings.HOST, resolve)
  })

  const nextUpgrades = createServer() // never listens: Next hangs its own upgrade handler on the server it is given
  const app = next({ dev: options.development, dir: options.directory, hostname: settings.HOST, port: settings.PORT, httpServer: nextUpgrades })
  await app.prepare()
  const hooks = await withinReach(registeredServer())
  handle = app.getRequestHandler()
  server.on('upgrade', (request, socket, head) => {
    const ours = registeredUpgrades()
    if (request.url?.startsWith('/_next/') === true) nextUpgrades.emit('upgrade', request, socket, head)
    else if (ours) ours(request, socket, head)
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
  })

  return {
    origin: settings.origin,
    firstAdmin: hooks.firstAdmin,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const cut = setTimeout(() => { server.closeAllConnections() }, DRAIN_MS)
      await closed
      clearTimeout(cut)
      await hooks.stop()
      await app.close()
    },
  }
}

/** Should Next fail to load instrumentation.ts it says so in the log, and nothing would ever settle. */
async function withinReach<T>(outcome: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('The server did not start in two minutes; the lines above may say why.')) }, START_MS)
  })
  return Promise.race([outcome, late]).finally(() => { clearTimeout(timer) })
}

function starting(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': '1' })
  response.end(JSON.stringify({ status: 'unavailable', reason: 'The server is starting.' }))
}
