import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLineReader, longestLine } from './line-reader'
import { createMask, maskText } from './mask'

const secrets = (...values: string[]): ReturnType<typeof createMask> => createMask(values.map((value) => ({ name: 'A', value, sensitive: true })))

describe('the mask', () => {
  it.each<[string, (value: string) => string]>([
    ['plain', (value) => value],
    ['JSON', (value) => JSON.stringify({ value })],
    ['JSON with escaped slashes', (value) => JSON.stringify({ value }).replaceAll('/', '\\/')],
    ['a URL', (value) => `https://example.org/?q=${encodeURIComponent(value)}`],
    ['a form', (value) => new URLSearchParams({ value }).toString()],
    ['hex', (value) => Buffer.from(value).toString('hex')],
    ['HEX', (value) => Buffer.from(value).toString('hex').toUpperCase()],
    ['base64', (value) => Buffer.from(value).toString('base64')],
    ['base64url', (value) => Buffer.from(value).toString('base64url')],
    ['base64 after one character', (value) => Buffer.from(`:${value}:`).toString('base64')],
    ['base64 after two characters', (value) => Buffer.from(`::${value}::`).toString('base64')],
  ])('hides a value in %s', (_, form) => {
    for (const value of ['tok-0123456789abcdef', 'p/a+s=s w"ö\\rd~!*()', '🔑'.repeat(5)]) {
      const masked = secrets(value).apply(`before ${form(value)} after`)
      expect(masked).toContain(maskText)
      expect(masked).toMatch(/^before /)
      expect(masked).toMatch(/ after$/)
      expect(masked.length).toBeLessThan(`before ${form(value)} after`.length - value.length / 2 + maskText.length)
    }
  })

  it('hides each line of a value with several, and overlapping values whole', () => {
    const mask = secrets('first-line\nsecond-line\r\n', 'abcdefgh', 'efghijkl')
    expect(['x first-line y', 'second-line', '  second-line'].map((line) => mask.apply(line))).toEqual([`x ${maskText} y`, maskText, `  ${maskText}`])
    expect(mask.apply('<abcdefghijkl>')).toBe(`<${maskText}>`)
  })

  it('leaves other text, insensitive values and values too short to tell apart', () => {
    expect(secrets('abc', '   ', '').apply('abc    abc')).toBe('abc    abc')
    expect(createMask([{ name: 'A', value: 'public-value', sensitive: false }]).apply('public-value')).toBe('public-value')
  })

  it('leaves nothing of a value, wherever it stands and however often', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }).filter((value) => value.trim().length >= 4 && !/[\r\n]/.test(value) && !maskText.includes(value)), fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }), (value, around) => {
        const masked = secrets(value).apply(around.join(value)).split(maskText)
        for (const piece of masked) expect(piece).not.toContain(value)
      }),
    )
  })
})

describe('lines of output', () => {
  const lines = (mask: ReturnType<typeof createMask>, chunks: (string | Buffer)[]): string[] => {
    const reader = createLineReader(mask)
    return [...chunks.flatMap((chunk) => reader.push(Buffer.from(chunk))), ...reader.end()]
  }

  it('are the same however the bytes arrive', () => {
    const value = 'tok-ö-0123456789'
    const text = Buffer.from(`one ${value}\r\ntwo\n\nlast ${value}`)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length]
        const chunks = edges.slice(1).map((end, index) => text.subarray(edges[index], end))
        expect(lines(secrets(value), chunks)).toEqual([`one ${maskText}`, 'two', '', `last ${maskText}`])
      }),
    )
  })

  it('are cut at their bound, and never through a value', () => {
    const value = 'tok-0123456789abcdef'
    for (const before of [longestLine - 30, longestLine - 10, longestLine - 1, longestLine, longestLine + 5]) {
      const [line = '', next] = lines(secrets(value), ['x'.repeat(before), value, 'y'.repeat(100_000), '\nnext\n'])
      expect(line.length).toBeLessThanOrEqual(longestLine + maskText.length + 1)
      for (let size = 4; size <= value.length; size += 1) expect(line).not.toContain(value.slice(0, size))
      expect(next).toBe('next')
    }
  })

  it('hold no more memory than their bound', () => {
    const reader = createLineReader(secrets('tok-0123456789abcdef'))
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 200; i += 1) reader.push(chunk)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
    expect(reader.end()[0]?.length).toBe(longestLine + 1)
  })
})
