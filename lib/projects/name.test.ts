import { describe, expect, test } from 'vitest'
import { RoomName } from './name'

const refused = (text: unknown) => !RoomName.safeParse(text).success

describe('a name', () => {
  test('keeps what was typed, without the spaces at its ends', () => {
    expect(RoomName.parse('  Büro – Süd 🚀 2 \t')).toBe('Büro – Süd 🚀 2')
  })

  test('is counted in characters, not in code units: 80 fit and 81 do not', () => {
    expect(refused('🚀'.repeat(80))).toBe(false)
    expect(refused('🚀'.repeat(81))).toBe(true)
  })

  test('is one text however its accents were typed', () => {
    expect(RoomName.parse('Cafe\u0301')).toBe(RoomName.parse('Caf\u00e9'))
  })

  test.each([
    ['nothing', ''],
    ['spaces alone', '   '],
    ['a zero-width space', 'a\u200bb'],
    ['a word joiner', 'a\u2060b'],
    ['a right-to-left override', 'a\u202eb'],
    ['a soft hyphen', 'a\u00adb'],
    ['a Hangul filler', '\u3164'],
    ['a variation selector', 'a\ufe0f'],
    ['a tag character', 'a\u{e0041}'],
    ['a NUL', 'a\0b'],
    ['a line break', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['a no-break space', 'a\u00a0b'],
    ['half of a surrogate pair', 'a\ud800'],
    ['no text', 7],
    ['undefined', undefined],
  ])('refuses %s', (_, text) => {
    expect(refused(text)).toBe(true)
  })
})
