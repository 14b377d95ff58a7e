import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { canary, createNet } from './canary'

describe('the canary net', () => {
  const value = canary('token')
  const bytes = Buffer.from(value)
  const copies: Record<string, string | Uint8Array> = {
    plain: `before ${value} after`,
    JSON: JSON.stringify({ deep: [{ value }] }),
    'JSON in JSON': JSON.stringify(JSON.stringify({ value })),
    URL: `https://host.test/?q=${encodeURIComponent(value)}`,
    form: new URLSearchParams({ value }).toString(),
    hex: bytes.toString('hex'),
    'upper-case hex': bytes.toString('hex').toUpperCase(),
    'base64, offset 0': bytes.toString('base64'),
    'base64, offset 1': Buffer.concat([Buffer.from('x'), bytes, Buffer.from('yz')]).toString('base64'),
    'base64, offset 2': Buffer.concat([Buffer.from('xx'), bytes, Buffer.from('y')]).toString('base64'),
    'base64url of JSON': Buffer.from(JSON.stringify({ value })).toString('base64url'),
    'bytes among others': Buffer.concat([Buffer.alloc(9), bytes, Buffer.alloc(9)]),
  }
  it.each(Object.entries(copies))('finds a copy in %s', (_, copy) => {
    const net = createNet({ token: value })
    net.look('somewhere', copy)
    expect(net.findings.length).toBeGreaterThan(0)
  })

  it('finds nothing where nothing is', () => {
    const net = createNet({ token: value })
    net.look('elsewhere', canary('token'))
    net.look('compressed', gzipSync(canary('token')))
    expect(net.findings).toEqual([])
  })
})
