import { atDocumentMarker, type Cursor, isBreak, isBreakOrEnd, isSpaceOrEnd, scanLineBreak, shown, skipComment, skipSpaces } from './cursor'

/** The value of a block scalar, from its `|` or `>` on; `parentIndent` is the indentation of the block around it (-1 at the root). */
export function scanBlockScalar(cursor: Cursor, folded: boolean, parentIndent: number): string {
  cursor.forward()
  const { keep, increment } = scanBlockHeader(cursor)
  skipSpaces(cursor)
  skipComment(cursor)
  if (!isBreakOrEnd(cursor.peek())) cursor.fail(`The header of a block scalar must be followed by a comment or a line break, but ${shown(cursor.peek())} follows`)
  scanLineBreak(cursor)

  const least = Math.max(1, parentIndent + 1)
  let indent: number
  let breaks: string
  if (increment === null) {
    const leading = scanBlockIndentation(cursor)
    breaks = leading.breaks
    indent = Math.max(least, leading.widest)
  } else {
    indent = least + increment - 1
    breaks = scanBlockBreaks(cursor, indent)
  }
  const chunks: string[] = []
  let lineBreak = ''
  while (cursor.column === indent && cursor.peek() !== '\0') {
    chunks.push(breaks)
    const flush = cursor.peek() !== ' ' && cursor.peek() !== '\t'
    let length = 0
    while (!isBreakOrEnd(cursor.peek(length))) length++
    chunks.push(cursor.text.slice(cursor.index, cursor.index + length))
    cursor.forward(length)
    lineBreak = scanLineBreak(cursor)
    breaks = scanBlockBreaks(cursor, indent)
    if (cursor.column !== indent || cursor.peek() === '\0') break
    const next = cursor.peek()
    if (folded && lineBreak === '\n' && flush && next !== ' ' && next !== '\t') {
      if (breaks === '') chunks.push(' ')
    } else chunks.push(lineBreak)
  }
  if (keep !== false) chunks.push(lineBreak)
  if (keep === true) chunks.push(breaks)
  return chunks.join('')
}

function scanBlockHeader(cursor: Cursor): { keep: boolean | null; increment: number | null } {
  let keep: boolean | null = null
  let increment: number | null = null
  const chomping = (): void => {
    if (keep !== null || !'+-'.includes(cursor.peek())) return
    keep = cursor.peek() === '+'
    cursor.forward()
  }
  chomping()
  if (/^[0-9]$/.test(cursor.peek())) {
    increment = Number(cursor.peek())
    if (increment === 0) cursor.fail(`The indentation of a block scalar must be 1 to 9, not 0`)
    cursor.forward()
    chomping()
  }
  if (cursor.peek() !== ' ' && !isBreakOrEnd(cursor.peek())) cursor.fail(`The header of a block scalar takes '+', '-' and a digit, but has ${shown(cursor.peek())}`)
  return { keep, increment }
}

function scanBlockIndentation(cursor: Cursor): { breaks: string; widest: number } {
  let breaks = ''
  let widest = 0
  for (;;) {
    const ch = cursor.peek()
    if (isBreak(ch)) breaks += scanLineBreak(cursor)
    else if (ch === ' ') {
      cursor.forward()
      widest = Math.max(widest, cursor.column)
    } else return { breaks, widest }
  }
}

function scanBlockBreaks(cursor: Cursor, indent: number): string {
  let breaks = ''
  for (;;) {
    while (cursor.column < indent && cursor.peek() === ' ') cursor.forward()
    if (!isBreak(cursor.peek())) return breaks
    breaks += scanLineBreak(cursor)
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0', a: '\x07', b: '\x08', t: '\t', '\t': '\t', n: '\n', v: '\x0b', f: '\x0c', r: '\r', e: '\x1b',
  ' ': ' ', '"': '"', '\\': '\\', '/': '/', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
}
const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** The value of a quoted scalar, from its opening quote on. */
export function scanQuotedScalar(cursor: Cursor): string {
  const quote = cursor.peek()
  const double = quote === '"'
  const start = cursor.mark()
  const chunks: string[] = []
  cursor.forward()
  scanQuotedText(cursor, double, chunks)
  while (cursor.peek() !== quote) {
    if (cursor.peek() === '\0') cursor.fail(`The quoted text that starts here has no closing ${double ? 'double' : 'single'} quote`, start)
    scanQuotedBlanks(cursor, chunks)
    scanQuotedText(cursor, double, chunks)
  }
  cursor.forward()
  return chunks.join('')
}

function scanQuotedText(cursor: Cursor, double: boolean, chunks: string[]): void {
  for (;;) {
    let length = 0
    while (!isSpaceOrEnd(cursor.peek(length)) && !'\'"\\'.includes(cursor.peek(length))) length++
    if (length > 0) {
      chunks.push(cursor.text.slice(cursor.index, cursor.index + length))
      cursor.forward(length)
    }
    const ch = cursor.peek()
    if (!double && ch === "'" && cursor.peek(1) === "'") {
      chunks.push("'")
      cursor.forward(2)
    } else if ((double && ch === "'") || (!double && (ch === '"' || ch === '\\'))) {
      chunks.push(ch)
      cursor.forward()
    } else if (double && ch === '\\') scanEscape(cursor, chunks)
    else return
  }
}

function scanEscape(cursor: Cursor, chunks: string[]): void {
  cursor.forward()
  const ch = cursor.peek()
  const plain = Object.hasOwn(ESCAPES, ch) ? ESCAPES[ch] : undefined
  const digits = Object.hasOwn(ESCAPE_LENGTHS, ch) ? ESCAPE_LENGTHS[ch] : undefined
  if (plain !== undefined) {
    chunks.push(plain)
    cursor.forward()
  } else if (digits !== undefined) {
    cursor.forward()
    const hex = cursor.text.slice(cursor.index, cursor.index + digits)
    if (hex.length < digits || !/^[0-9A-Fa-f]+$/.test(hex)) {
      let at = 0
      while (/^[0-9A-Fa-f]$/.test(cursor.peek(at))) at++
      cursor.forward(at)
      cursor.fail(`The escape \\${ch} needs ${digits} hexadecimal digits`)
    }
    const code = Number.parseInt(hex, 16)
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) cursor.fail(`The escape \\${ch} names no Unicode character`)
    chunks.push(String.fromCodePoint(code))
    cursor.forward(digits)
  } else if (isBreak(ch)) {
    scanLineBreak(cursor)
    chunks.push(scanQuotedBreaks(cursor))
  } else cursor.fail(`In double quotes a backslash starts an escape, and \\ before ${shown(ch)} is none; write \\\\ or use single quotes`)
}

function scanQuotedBlanks(cursor: Cursor, chunks: string[]): void {
  let length = 0
  while (cursor.peek(length) === ' ' || cursor.peek(length) === '\t') length++
  const blanks = cursor.text.slice(cursor.index, cursor.index + length)
  cursor.forward(length)
  const ch = cursor.peek()
  if (ch === '\0') return
  if (!isBreak(ch)) {
    chunks.push(blanks)
    return
  }
  const lineBreak = scanLineBreak(cursor)
  const breaks = scanQuotedBreaks(cursor)
  if (lineBreak !== '\n') chunks.push(lineBreak)
  else if (breaks === '') chunks.push(' ')
  chunks.push(breaks)
}

function scanQuotedBreaks(cursor: Cursor): string {
  let breaks = ''
  for (;;) {
    if (cursor.column === 0 && atDocumentMarker(cursor)) cursor.fail(`A document marker stands inside quoted text`)
    while (cursor.peek() === ' ' || cursor.peek() === '\t') cursor.forward()
    if (!isBreak(cursor.peek())) return breaks
    breaks += scanLineBreak(cursor)
  }
}

export interface PlainScan {
  readonly value: string
  /** A line break follows the text, so a simple key may start next. */
  readonly endsLine: boolean
}

/** The value of a plain scalar. */
export function scanPlainScalar(cursor: Cursor, inFlow: boolean, parentIndent: number): PlainScan {
  const chunks: string[] = []
  let spaces = ''
  let endsLine = false
  for (;;) {
    if (cursor.peek() === '#') break
    const length = plainLength(cursor, inFlow)
    if (length === 0) break
    endsLine = false
    chunks.push(spaces, cursor.text.slice(cursor.index, cursor.index + length))
    cursor.forward(length)
    const gap = scanPlainGap(cursor)
    spaces = gap.text
    endsLine = gap.endsLine
    if (spaces === '' || cursor.peek() === '#' || (!inFlow && cursor.column < parentIndent + 1)) break
  }
  return { value: chunks.join(''), endsLine }
}

function plainLength(cursor: Cursor, inFlow: boolean): number {
  for (let length = 0; ; length++) {
    const ch = cursor.peek(length)
    if (isSpaceOrEnd(ch)) return length
    if (ch === ':') {
      const next = cursor.peek(length + 1)
      if (isSpaceOrEnd(next) || (inFlow && ',[]{}'.includes(next))) return length
    } else if (inFlow && ',?[]{}'.includes(ch)) return length
  }
}

function scanPlainGap(cursor: Cursor): { text: string; endsLine: boolean } {
  let length = 0
  while (cursor.peek(length) === ' ') length++
  const blanks = cursor.text.slice(cursor.index, cursor.index + length)
  cursor.forward(length)
  if (!isBreak(cursor.peek())) return { text: blanks, endsLine: false }
  const lineBreak = scanLineBreak(cursor)
  if (atDocumentMarker(cursor)) return { text: '', endsLine: true }
  let breaks = ''
  for (;;) {
    const ch = cursor.peek()
    if (ch === ' ') cursor.forward()
    else if (isBreak(ch)) {
      breaks += scanLineBreak(cursor)
      if (atDocumentMarker(cursor)) return { text: '', endsLine: true }
    } else break
  }
  const first = lineBreak !== '\n' ? lineBreak : breaks === '' ? ' ' : ''
  return { text: first + breaks, endsLine: true }
}
