import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { AppError } from '@/lib/errors'
import { isPublicAddress } from './public-address'

export interface HopOptions {
  /** The host is allow-listed: its address is not checked. */
  trusted: boolean
  lookup: LookupFunction
  signal: AbortSignal
}

const notPublic = (url: URL): AppError =>
  new AppError(
    'invalid',
    `${url.hostname} is not at a public address. Templates are fetched from public addresses only; for development, list the host in LATCHKEY_FETCH_ALLOW.`,
  )

/** One answer with any address that is not public spoils them all: a name that mixes both is how rebinding looks. */
const publicOnly =
  (lookup: LookupFunction, url: URL): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family)
      const addresses = typeof found === 'string' ? [found] : found.map((candidate) => candidate.address)
      if (addresses.every(isPublicAddress)) callback(null, found, family)
      else callback(notPublic(url), [])
    })
  }

/**
 * Sends one GET, follows nothing, uses no proxy, and returns once the head of the answer is there.
 * Unless trusted, it connects to public addresses only: a literal one is checked here, a name's in the lookup that the
 * connection itself uses, and the peer once more when connected.
 * @throws AppError 'invalid' for an address that is not public; else what Node reports (see explain-failure.ts).
 */
export function requestHop(url: URL, { trusted, lookup, signal }: HopOptions): Promise<IncomingMessage> {
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!trusted && isIP(literal) !== 0 && !isPublicAddress(literal)) return Promise.reject(notPublic(url))
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? https.request : http.request
    const request = send(url, {
      agent: false,
      signal,
      lookup: trusted ? lookup : publicOnly(lookup, url),
      rejectUnauthorized: true,
      headers: {
        accept: 'application/yaml, text/yaml, text/plain;q=0.9, */*;q=0.5',
        'accept-encoding': 'identity',
        'user-agent': 'latchkey',
      },
    })
    request.on('socket', (socket) => {
      socket.prependOnceListener('connect', () => {
        if (!trusted && !isPublicAddress(socket.remoteAddress ?? '')) request.destroy(notPublic(url))
      })
    })
    request.on('response', resolve)
    request.on('error', reject)
    request.end()
  })
}
