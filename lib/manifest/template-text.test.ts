import { describe, expect, it } from 'vitest'
import { MAX_TEMPLATE_BYTES, normalizeUpload } from './template-text'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const refusal = (input: Uint8Array): string => {
  try {
    normalizeUpload(input)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'accepted'
}

describe('normalizeUpload', () => {
  it('keeps text as it is, line ends and trailing blanks included', () => {
    const text = 'a: "ü 漢 🙂"\r\nb: |\n  x  \n\n'
    expect(normalizeUpload(bytes(text))).toBe(text)
  })
  it('drops one leading byte order mark, so that the first line starts at column 1', () => {
    expect(normalizeUpload(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes('version: v1')))).toBe('version: v1')
  })
  it('accepts exactly 1 MiB and refuses one byte more', () => {
    expect(normalizeUpload(bytes('a'.repeat(MAX_TEMPLATE_BYTES)))).toHaveLength(MAX_TEMPLATE_BYTES)
    expect(refusal(bytes('a'.repeat(MAX_TEMPLATE_BYTES + 1)))).toMatch(/larger than 1 MiB/)
  })
  it('refuses NUL bytes, UTF-16 and other encodings, each with its reason', () => {
    expect(refusal(bytes('a\0b'))).toMatch(/NUL/)
    expect(refusal(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toMatch(/UTF-16/)
    expect(refusal(Uint8Array.of(0xfe, 0xff, 0, 0x61))).toMatch(/UTF-16/)
    expect(refusal(Uint8Array.of(0x61, 0xe4, 0x62))).toMatch(/not UTF-8/)
    expect(refusal(Uint8Array.of(0xc0, 0x80))).toMatch(/not UTF-8/)
    expect(refusal(Uint8Array.of(0xed, 0xa0, 0x80))).toMatch(/not UTF-8/)
  })
})
