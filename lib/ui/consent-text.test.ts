import { describe, expect, it } from 'vitest'
import { readConsentText, writeConsent } from './consent-text'

const digest = `sha256:${'a'.repeat(64)}`
const other = `sha256:${'b'.repeat(64)}`

describe('what was accepted at a review', () => {
  it('holds for the very ticks that were set, and for no others', () => {
    const consent = readConsentText(writeConsent(digest, 'https://x.example/t.yaml', ['admin-scope:a:3', 'secret-leak:b:4']), digest)
    expect(consent?.sourceUrl).toBe('https://x.example/t.yaml')
    expect(consent?.accepted('admin-scope:a:3')).toBe(true)
    expect(consent?.accepted('secret-leak:b:5')).toBe(false)
  })
  it('does not hold for another text', () => {
    expect(readConsentText(writeConsent(digest, null, ['x']), other)).toBeNull()
  })
  it('fits a cookie whatever was ticked, and asks again for what did not fit', () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `foreign-secret:container.environment.${index}:${index}`)
    const value = writeConsent(digest, null, keys)
    expect(value.length).toBeLessThan(4_000)
    const consent = readConsentText(value, digest)
    expect(consent?.accepted(keys[0] ?? '')).toBe(true)
    expect(consent?.accepted(keys[999] ?? '')).toBe(false)
    expect(readConsentText(writeConsent(digest, `https://x.example/${'ü'.repeat(4_000)}`, ['x']), digest)?.sourceUrl).toBeNull()
  })
  it('is nothing when it was not written here', () => {
    for (const value of [undefined, '', 'e30', 'not base64 at all', Buffer.from('[]').toString('base64url')]) expect(readConsentText(value, digest)).toBeNull()
  })
})
