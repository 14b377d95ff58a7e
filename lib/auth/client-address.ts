import ipaddr from 'ipaddr.js'

/** The header in which the http server hands the client's address to the pages; it overwrites whatever a client sent. */
export const clientHeader = 'x-latchkey-client'

/**
 * The address that failures are counted for: IPv4 in full, IPv6 by its /64, since that is what one household or machine holds.
 * X-Forwarded-For is read only as far as `hops` trusted proxies wrote it (LATCHKEY_TRUST_PROXY), from the right.
 * Null when there is no address to go by.
 */
export function clientAddress(from: { remote: string | undefined; forwardedFor: string | undefined; hops: number }): string | null {
  const forwarded = (from.forwardedFor ?? '').split(',').map((item) => item.trim())
  const text = from.hops > 0 ? (forwarded.at(-from.hops) ?? forwarded[0] ?? '') : ''
  return countable(text) ?? countable(from.remote ?? '')
}

function countable(text: string): string | null {
  if (!ipaddr.isValid(text)) return null
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.toString()
  const network = address.toByteArray().map((byte, index) => (index < 8 ? byte : 0))
  return `${ipaddr.fromByteArray(network).toString()}/64`
}

/** For the http server: writes the client's address into the request's headers before any page sees them. */
export function stampClient(
  request: { headers: Record<string, string | string[] | undefined>; socket: { remoteAddress?: string | undefined } },
  hops: number,
): void {
  const forwarded = request.headers['x-forwarded-for']
  const address = clientAddress({
    remote: request.socket.remoteAddress,
    forwardedFor: Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    hops,
  })
  if (address === null) delete request.headers[clientHeader]
  else request.headers[clientHeader] = address
}
