/** A place in a text: line and column count from 0, columns in code points. */
export interface Mark {
  readonly index: number
  readonly line: number
  readonly column: number
}

export type YamlErrorCode = 'yaml-syntax' | 'yaml-limit' | 'value-misplaced'

/** The text is no YAML that PyYAML would load, or is beyond a bound. */
export class YamlError extends Error {
  override readonly name = 'YamlError'
  constructor(
    readonly code: YamlErrorCode,
    message: string,
    readonly at: Mark,
    /** Variables whose printed value stands at the place of the error. */
    readonly variables: readonly string[] = [],
  ) {
    super(message)
  }
}

/** What the reader must know about opaque tokens that stand for printed values. */
export interface TokenLookup {
  /** Names of the variables whose tokens occur in `text`. */
  variablesIn(text: string): readonly string[]
  /** True if `text` consists of tokens and blanks only, and every token stands for empty text. */
  isBlank(text: string): boolean
  /** The variables of a token that starts at `index` of `text`. */
  variablesAt(text: string, index: number): readonly string[]
}

export const noTokens: TokenLookup = { variablesIn: () => [], isBlank: () => false, variablesAt: () => [] }

/** A position in a text, moved only forwards. At the end `peek` yields NUL, which the text itself may not contain. */
export interface Cursor {
  readonly text: string
  readonly tokens: TokenLookup
  index: number
  line: number
  column: number
  peek(offset?: number): string
  forward(count?: number): void
  mark(): Mark
  fail(message: string, at?: Mark): never
  /** Refuses a printed value in `part`, a piece of syntax that is not text. */
  refuseTokens(part: string, what: string, at: Mark): void
}

const LINE_BREAKS = '\r\n\x85\u2028\u2029'
export const isBreak = (ch: string): boolean => LINE_BREAKS.includes(ch)
export const isBreakOrEnd = (ch: string): boolean => ch === '\0' || LINE_BREAKS.includes(ch)
export const isSpaceOrEnd = (ch: string): boolean => ch === ' ' || ch === '\t' || ch === '\0' || LINE_BREAKS.includes(ch)
export const isWord = (ch: string): boolean => /^[0-9A-Za-z_-]$/.test(ch)

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** The mark of `index` in `text`; for errors that are found before scanning starts. */
export function markAt(text: string, index: number): Mark {
  const cursor = createCursor(text, noTokens)
  cursor.forward(index)
  return cursor.mark()
}

/** Refuses the control characters that YAML does not allow, with their place. */
export function refuseUnprintable(text: string): void {
  const found = UNPRINTABLE.exec(text)
  if (!found) return
  const at = markAt(text, found.index)
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw new YamlError('yaml-syntax', `The text contains the control character U+${code}, which YAML does not allow.`, at)
}

export function createCursor(text: string, tokens: TokenLookup): Cursor {
  const cursor: Cursor = {
    text,
    tokens,
    index: 0,
    line: 0,
    column: 0,
    peek: (offset = 0) => text[cursor.index + offset] ?? '\0',
    forward(count = 1) {
      for (let n = 0; n < count; n++) {
        const code = text.charCodeAt(cursor.index)
        if (Number.isNaN(code)) return
        cursor.index++
        const ends = code === 0x0a || code === 0x85 || code === 0x2028 || code === 0x2029 || (code === 0x0d && text.charCodeAt(cursor.index) !== 0x0a)
        if (ends) {
          cursor.line++
          cursor.column = 0
        } else if (code !== 0xfeff && (code < 0xdc00 || code > 0xdfff)) cursor.column++
      }
    },
    mark: () => ({ index: cursor.index, line: cursor.line, column: cursor.column }),
    fail(message, at = cursor.mark()) {
      const variables = tokens.variablesAt(text, at.index)
      if (variables.length === 0) throw new YamlError('yaml-syntax', `${message}.`, at)
      throw new YamlError('value-misplaced', `A value is printed where YAML takes no text (${message}); variable: ${variables.join(', ')}.`, at, variables)
    },
    refuseTokens(part, what, at) {
      const variables = tokens.variablesIn(part)
      if (variables.length === 0) return
      throw new YamlError('value-misplaced', `A value cannot be printed in ${what}; variable: ${variables.join(', ')}.`, at, variables)
    },
  }
  return cursor
}

/** How a character is named in a message: printed values are never shown. */
export const shown = (ch: string): string => (ch === '\0' ? 'the end of the text' : isBreak(ch) ? 'a line break' : ch === '\t' ? 'a tab' : `'${ch}'`)

/** Consumes one line break, if any, and returns it normalised (`\n`, or U+2028 / U+2029 as they are). */
export function scanLineBreak(cursor: Cursor): string {
  const ch = cursor.peek()
  if (ch === '\r' || ch === '\n' || ch === '\x85') {
    cursor.forward(ch === '\r' && cursor.peek(1) === '\n' ? 2 : 1)
    return '\n'
  }
  if (ch === '\u2028' || ch === '\u2029') {
    cursor.forward()
    return ch
  }
  return ''
}

export function skipSpaces(cursor: Cursor): void {
  while (cursor.peek() === ' ') cursor.forward()
}

export function skipComment(cursor: Cursor): void {
  if (cursor.peek() !== '#') return
  while (!isBreakOrEnd(cursor.peek())) cursor.forward()
}

/** True if `---` or `...` stands here, followed by a blank. */
export function atDocumentMarker(cursor: Cursor): boolean {
  const three = cursor.text.slice(cursor.index, cursor.index + 3)
  return (three === '---' || three === '...') && isSpaceOrEnd(cursor.peek(3))
}
