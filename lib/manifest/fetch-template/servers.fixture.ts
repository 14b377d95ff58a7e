import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import net, { type AddressInfo, type LookupFunction } from 'node:net'
import { expect } from 'vitest'
import { AppError } from '@/lib/errors'
import { fetchTemplate, type FetchTemplateOptions } from '../fetch-template'

/** For tests only: real servers on loopback, and what fetching from them gives. */

export const YAML = 'version: v1\nkind: ServiceTemplate\n'
const stops: (() => void)[] = []

/** Runs after the tests of a file. */
export const atEnd = (stop: () => void): unknown => stops.push(stop)
export const stopServers = (): void => {
  for (const stop of stops.splice(0)) stop()
}

/** Its port on 127.0.0.1. */
export async function listening(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

export const serve = async (listener: RequestListener): Promise<string> => `127.0.0.1:${String(await listening(http.createServer(listener)))}`

/** Serves and fetches with the server allow-listed. */
export async function fetchFrom(listener: RequestListener, options: Partial<FetchTemplateOptions> = {}): Promise<{ text: string; finalUrl: string }> {
  const host = await serve(listener)
  return fetchTemplate(`http://${host}/t.yaml?token=canary-query`, { allow: [host], ...options })
}

/** The refusal, once it is sure that it gives away nothing of the link but the host. */
export async function failure(attempt: Promise<unknown>): Promise<AppError> {
  const error: unknown = await attempt.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw error
  expect(error.message).not.toMatch(/canary|\?/)
  return error
}

/** A resolver that answers every name with these addresses. */
export const answers =
  (addresses: string[]): LookupFunction =>
  (_hostname, options, callback) => {
    const found = addresses.map((address) => ({ address, family: net.isIP(address) }))
    if (options.all) callback(null, found)
    else callback(null, addresses[0] ?? '', net.isIP(addresses[0] ?? ''))
  }

