import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All that IANA has handed out as global unicast. Leaves out ::/96, 64:ff9b::/32 (NAT64), fec0::/10, fc00::/7 and what is yet to be assigned. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/** Public by number, but answered by the cloud host itself: Azure's platform and metadata address. */
const platformAddresses = new Set(['168.63.129.16'])

/**
 * Whether an IP address (dotted or colon form, no brackets) belongs to a host on the public Internet. Anything else is false:
 * private, loopback, link-local, shared, multicast, reserved, unspecified, and IPv6 forms that carry an IPv4 address
 * (mapped, compatible, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%') || platformAddresses.has(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast)
}
