import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EnvelopeError, envelopeKeyId, open, seal, type SealingKey } from './envelope'

const key: SealingKey = { id: 'k1', bytes: Buffer.alloc(32, 7) }
const secret = Buffer.from('correct horse battery staple')

const reason = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof EnvelopeError) return error.reason
    throw error
  }
  return 'opened'
}

describe('envelope', () => {
  it('round-trips any bytes under any context', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, context) => {
        expect(open(key, seal(key, bytes, context), context)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('is confidential: nothing of the plaintext stands in it, and no two are alike', () => {
    const [a, b] = [seal(key, secret, 'place'), seal(key, secret, 'place')]
    expect(a.equals(b)).toBe(false)
    for (let start = 0; start + 4 <= secret.length; start++) expect(a.includes(secret.subarray(start, start + 4))).toBe(false)
  })

  it('keeps integrity: no changed bit opens', () => {
    const envelope = seal(key, secret, 'place')
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const changed = Buffer.from(envelope)
      changed.writeUInt8((changed[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3)
      expect(reason(() => open(key, changed, 'place'))).not.toBe('opened')
    }
  })

  it('keeps integrity: no shortened or lengthened envelope opens', () => {
    const envelope = seal(key, secret, 'place')
    for (let end = 0; end < envelope.length; end++) expect(reason(() => open(key, envelope.subarray(0, end), 'place'))).not.toBe('opened')
    expect(reason(() => open(key, Buffer.concat([envelope, Buffer.from([0])]), 'place'))).toBe('not-authentic')
  })

  it('does not open in another place', () => {
    expect(reason(() => open(key, seal(key, secret, 'room A'), 'room B'))).toBe('not-authentic')
  })

  it('tells a key of another id from a wrong key under the same id', () => {
    const envelope = seal(key, secret, 'place')
    expect(envelopeKeyId(envelope)).toBe('k1')
    expect(reason(() => open({ id: 'k2', bytes: key.bytes }, envelope, 'place'))).toBe('unknown-key')
    expect(reason(() => open({ id: 'k1', bytes: Buffer.alloc(32, 8) }, envelope, 'place'))).toBe('not-authentic')
  })

  it('opens an envelope of format 1 as it was frozen', () => {
    const frozen = Buffer.from(FROZEN_1, 'hex')
    expect(open(key, frozen, 'place').toString()).toBe(secret.toString())
    expect(frozen[0]).toBe(1)
  })

  it('refuses formats it does not know', () => {
    const envelope = seal(key, secret, 'place')
    envelope[0] = 2
    expect(reason(() => open(key, envelope, 'place'))).toBe('unknown-version')
  })
})

const FROZEN_1 = '01026b31b701118b611ae423b0255eaf955ff5b2ca313a4a35b5fb34fd1ef1d5984add1b70edff52291d7d108303a140e5be4766a1bdc67a3229d342'
