import { describe, expect, test } from 'vitest'
import { clientAddress, clientHeader, stampClient } from './client-address'

describe('the client address', () => {
  test('is the socket’s, whatever the client claims, while no proxy is trusted', () => {
    expect(clientAddress({ remote: '198.51.100.7', forwardedFor: '203.0.113.9', hops: 0 })).toBe('198.51.100.7')
  })

  test('is what the nearest trusted proxy wrote, not what the client put in front of it', () => {
    expect(clientAddress({ remote: '10.0.0.1', forwardedFor: '1.2.3.4, 203.0.113.9', hops: 1 })).toBe('203.0.113.9')
    expect(clientAddress({ remote: '10.0.0.1', forwardedFor: '1.2.3.4, 203.0.113.9, 10.0.0.2', hops: 2 })).toBe('203.0.113.9')
  })

  test('falls back on the socket when a trusted proxy wrote nothing usable', () => {
    expect(clientAddress({ remote: '10.0.0.1', forwardedFor: undefined, hops: 1 })).toBe('10.0.0.1')
    expect(clientAddress({ remote: '10.0.0.1', forwardedFor: 'unknown', hops: 1 })).toBe('10.0.0.1')
  })

  test('takes one IPv6 network for one client, and IPv4 inside IPv6 for IPv4', () => {
    const of = (remote: string) => clientAddress({ remote, forwardedFor: undefined, hops: 0 })
    expect(of('2001:db8:1:2:aaaa::1')).toBe(of('2001:db8:1:2:bbbb::2'))
    expect(of('2001:db8:1:2::1')).not.toBe(of('2001:db8:1:3::1'))
    expect(of('::ffff:198.51.100.7')).toBe('198.51.100.7')
  })

  test('is null rather than a guess', () => {
    expect(clientAddress({ remote: undefined, forwardedFor: '203.0.113.9', hops: 0 })).toBeNull()
  })

  test('replaces a header of that name that a client sent', () => {
    const request = { headers: { [clientHeader]: '1.1.1.1' } as Record<string, string | undefined>, socket: { remoteAddress: '198.51.100.7' } }
    stampClient(request, 0)
    expect(request.headers[clientHeader]).toBe('198.51.100.7')
    const unknown = { headers: { [clientHeader]: '1.1.1.1' } as Record<string, string | undefined>, socket: {} }
    stampClient(unknown, 0)
    expect(unknown.headers[clientHeader]).toBeUndefined()
  })
})
