import { isSpace, skipBackward, skipForward } from './python-space'
import type { Run } from './run'

const MAX_DIGITS = 4300

const stripped = (text: string) => text.slice(skipForward(text), skipBackward(text, isSpace, skipForward(text)))

/** Python's `int(text, base)`; null where it refuses. */
export function parseIntText(run: Run, text: string, base: number): bigint | null {
  const trimmed = stripped(text).toLowerCase()
  const negative = trimmed.startsWith('-')
  let digits = negative || trimmed.startsWith('+') ? trimmed.slice(1) : trimmed
  const prefix = ({ 2: '0b', 8: '0o', 16: '0x' } as Readonly<Record<number, string>>)[base]
  let radix = base
  if (base === 0) {
    radix = { '0b': 2, '0o': 8, '0x': 16 }[digits.slice(0, 2)] ?? 10
    if (radix === 10 && /^0[0-9_]*[1-9]/.test(digits)) return null
    if (radix !== 10) digits = digits.slice(2).replace(/^_/, '')
  } else if (prefix !== undefined && digits.startsWith(prefix)) digits = digits.slice(2).replace(/^_/, '')
  if (radix < 2 || radix > 36) return null
  if (digits === '' || digits.startsWith('_') || digits.endsWith('_') || digits.includes('__')) return null
  const plain = digits.replaceAll('_', '')
  if (plain.length > MAX_DIGITS) return run.exceed('makes a number that is too large')
  let value = 0n
  for (const character of plain) {
    const digit = Number.parseInt(character, radix)
    if (Number.isNaN(digit)) return null
    value = value * BigInt(radix) + BigInt(digit)
  }
  return negative ? -value : value
}

/** Python's `float(text)`; null where it refuses. */
export function parseFloatText(text: string): number | null {
  const trimmed = stripped(text).toLowerCase()
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed)
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity
  if (trimmed.length > MAX_DIGITS || /(?:^|[^0-9])_|_(?:[^0-9]|$)/.test(trimmed)) return null
  const plain = trimmed.replaceAll('_', '')
  return /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/.test(plain) ? Number(plain) : null
}
