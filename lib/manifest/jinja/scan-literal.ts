export interface Literal {
  readonly type: 'string' | 'integer' | 'float' | 'failure'
  readonly text: string
  readonly end: number
}

const isDigit = (character: string | undefined) => character !== undefined && character >= '0' && character <= '9'
const DIGITS_OF_BASE: Readonly<Record<string, string>> = { b: '01', o: '01234567', x: '0123456789abcdef' }

/** A number literal of Python at this place: `1`, `1_000`, `0x1f`, `1.5`, `2e3`; its text holds no underscores. */
export function scanNumber(source: string, start: number): Literal | null {
  if (!isDigit(source[start])) return null
  const number = (type: 'integer' | 'float', end: number): Literal => ({ type, text: source.slice(start, end).replaceAll('_', ''), end })

  const whole = digitsEnd(source, start, '0123456789')
  if (source[start - 1] !== '.') {
    const fraction = source[whole] === '.' && isDigit(source[whole + 1]) ? digitsEnd(source, whole + 1, '0123456789') : whole
    const end = exponentEnd(source, fraction)
    if (end > whole) return number('float', end)
  }
  if (source[start] !== '0') return number('integer', whole)
  const digits = DIGITS_OF_BASE[source[start + 1]?.toLowerCase() ?? '']
  if (digits !== undefined) {
    const first = source[start + 2] === '_' ? start + 3 : start + 2
    if (digits.includes(source[first]?.toLowerCase() ?? ' ')) return number('integer', digitsEnd(source, first, digits))
  }
  return number('integer', digitsEnd(source, start, '0'))
}

/** The end of a run of digits that may hold single underscores between them. */
function digitsEnd(source: string, start: number, digits: string): number {
  const belongs = (index: number) => index < source.length && digits.includes(source.charAt(index).toLowerCase())
  let end = start
  while (belongs(end) || (source[end] === '_' && end > start && belongs(end + 1))) end += 1
  return end
}

function exponentEnd(source: string, at: number): number {
  if (source[at]?.toLowerCase() !== 'e') return at
  const digits = source[at + 1] === '+' || source[at + 1] === '-' ? at + 2 : at + 1
  return isDigit(source[digits]) ? digitsEnd(source, digits, '0123456789') : at
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '', '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v',
}
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** A quoted string at this place, with Python's escapes resolved. An unclosed one is no literal. */
export function scanString(source: string, start: number): Literal | null {
  const quote = source[start]
  if (quote !== '"' && quote !== "'") return null
  const parts: string[] = []
  let plain = start + 1
  for (let at = plain; at < source.length; at += 1) {
    if (source[at] === quote) return { type: 'string', text: parts.join('') + source.slice(plain, at), end: at + 1 }
    if (source[at] !== '\\') continue
    const escape = readEscape(source, at + 1)
    if (escape === null) return hasClosingQuote(source, at, quote) ? { type: 'failure', text: "invalid escape in a string", end: at } : null
    parts.push(source.slice(plain, at), escape.text)
    plain = escape.end
    at = plain - 1
  }
  return null
}

function hasClosingQuote(source: string, from: number, quote: string): boolean {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === quote) return true
    if (source[at] === '\\') at += 1
  }
  return false
}

/** What the escape whose letter stands at `at` means; an unknown one stays as written; null if it is broken. */
function readEscape(source: string, at: number): { text: string; end: number } | null {
  const letter = source.charAt(at)
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined
  if (simple !== undefined) return { text: simple, end: at + 1 }
  if (letter >= '0' && letter <= '7') {
    let end = at + 1
    while (end < at + 3 && source.charAt(end) >= '0' && source.charAt(end) <= '7') end += 1
    return { text: String.fromCodePoint(Number.parseInt(source.slice(at, end), 8)), end }
  }
  const length = Object.hasOwn(HEX_LENGTHS, letter) ? HEX_LENGTHS[letter] : undefined
  if (length !== undefined) {
    const digits = source.slice(at + 1, at + 1 + length)
    const code = Number.parseInt(digits, 16)
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length || code > 0x10ffff) return null
    return { text: String.fromCodePoint(code), end: at + 1 + length }
  }
  if (letter === 'N') return null
  return { text: `\\${letter}`, end: at + 1 }
}
