import { isSpace, skipBackward, skipForward } from './python-space'
import { scanNumber, scanString } from './scan-literal'

export type TokenType =
  | 'data' | 'variable_begin' | 'variable_end' | 'block_begin' | 'block_end'
  | 'name' | 'string' | 'integer' | 'float' | 'operator' | 'eof' | 'failure'

/** `at` is the offset in the source. The text of a failure is the message to raise when the parser gets there. */
export interface Token {
  readonly type: TokenType
  readonly text: string
  readonly at: number
}

const OPERATORS = ['//', '**', '==', '!=', '>=', '<=', ...'+-/*%~[](){}><=.:|,;']
const CLOSERS = new Map([['(', ')'], ['[', ']'], ['{', '}']])
const NAME = /[\p{L}\p{N}\p{Mn}\p{Mc}_]+/uy
const IDENTIFIER = /^[\p{ID_Start}_]\p{ID_Continue}*$/u

/**
 * Cuts a template into tokens as Jinja's default lexer does. It never throws: the list ends in `eof` or `failure`.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0

  const fail = (message: string, where: number): Token[] => [...tokens, { type: 'failure', text: message, at: where }]
  const pushData = (start: number, end: number) => {
    if (end > start) tokens.push({ type: 'data', text: source.slice(start, end), at: start })
  }
  /** The end of the text before a tag, with white space taken off for `{%-`. */
  const textEnd = (start: number, tag: number) =>
    source[tag + 2] === '-' ? start + skipBackward(source.slice(start, tag)) : tag

  while (at < source.length) {
    const tag = nextTag(source, at)
    if (tag < 0) {
      pushData(at, source.length)
      break
    }
    pushData(at, textEnd(at, tag))
    const opener = source[tag + 1]
    const inside = tag + 2 + (source[tag + 2] === '-' || source[tag + 2] === '+' ? 1 : 0)
    const rawBody = opener === '%' ? afterRaw(source, inside) : -1
    if (opener === '#') {
      const end = source.indexOf('#}', inside)
      if (end < 0) {
        if (inside < source.length) return fail('Missing end of comment tag', tag)
        break
      }
      at = source[end - 1] === '-' && end > inside ? skipForward(source, isSpace, end + 2) : end + 2
    } else if (rawBody >= 0) {
      const close = findEndRaw(source, rawBody)
      if (!close) {
        if (rawBody < source.length) return fail('Missing end of raw directive', tag)
        break
      }
      pushData(rawBody, textEnd(rawBody, close.tag))
      at = close.end
    } else {
      const kind = opener === '%' ? 'block' : 'variable'
      tokens.push({ type: `${kind}_begin`, text: '', at: tag })
      const end = scanTag(source, inside, kind, tokens)
      if (end === null) return tokens
      at = end
    }
  }
  return ended(tokens)
}

/** As in Jinja, the end of a template is reported where the last token begins. */
function ended(tokens: Token[]): Token[] {
  tokens.push({ type: 'eof', text: '', at: tokens.at(-1)?.at ?? 0 })
  return tokens
}

function nextTag(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1]
    if (next === '{' || next === '%' || next === '#') return at
  }
  return -1
}

/** Where the text of a raw block begins, if this tag opens one, else -1. */
function afterRaw(source: string, inside: number): number {
  const name = skipForward(source, isSpace, inside)
  if (!source.startsWith('raw', name)) return -1
  const end = skipForward(source, isSpace, name + 3)
  if (source.startsWith('-%}', end)) return skipForward(source, isSpace, end + 3)
  return source.startsWith('%}', end) ? end + 2 : -1
}

function findEndRaw(source: string, from: number): { tag: number; end: number } | null {
  for (let tag = source.indexOf('{%', from); tag >= 0; tag = source.indexOf('{%', tag + 1)) {
    const sign = source[tag + 2] === '-' || source[tag + 2] === '+' ? 1 : 0
    const name = skipForward(source, isSpace, tag + 2 + sign)
    if (!source.startsWith('endraw', name)) continue
    const end = tagEnd(source, skipForward(source, isSpace, name + 6), '%}', true)
    if (end !== null) return { tag, end }
  }
  return null
}

/** The offset after `%}` or `}}` (with its sign and the white space that `-` eats), or null when none stands here. */
function tagEnd(source: string, at: number, closer: string, plusAllowed: boolean): number | null {
  if (source.startsWith(`-${closer}`, at)) return skipForward(source, isSpace, at + 3)
  if (plusAllowed && source.startsWith(`+${closer}`, at)) return at + 3
  return source.startsWith(closer, at) ? at + 2 : null
}

/** Reads the inside of a tag into `tokens`. Returns the offset after it, or null when the list has been ended. */
function scanTag(source: string, from: number, kind: 'block' | 'variable', tokens: Token[]): number | null {
  const open: string[] = []
  let at = from
  const fail = (message: string) => {
    tokens.push({ type: 'failure', text: message, at })
    return null
  }
  while (at < source.length) {
    const end = open.length === 0 ? tagEnd(source, at, kind === 'block' ? '%}' : '}}', kind === 'block') : null
    if (end !== null) {
      tokens.push({ type: `${kind}_end`, text: '', at })
      return end
    }
    if (isSpace(source[at])) {
      at = skipForward(source, isSpace, at)
      continue
    }
    const literal = scanNumber(source, at) ?? scanString(source, at)
    if (literal) {
      if (literal.type === 'failure') return fail(literal.text)
      tokens.push({ type: literal.type, text: literal.text, at })
      at = literal.end
      continue
    }
    NAME.lastIndex = at
    const name = NAME.exec(source)?.[0]
    if (name !== undefined) {
      if (!IDENTIFIER.test(name)) return fail('Invalid character in identifier')
      tokens.push({ type: 'name', text: name, at })
      at += name.length
      continue
    }
    const operator = OPERATORS.find((candidate) => source.startsWith(candidate, at))
    if (operator === undefined) return fail(`unexpected char '${String.fromCodePoint(source.codePointAt(at) ?? 0)}'`)
    const closer = CLOSERS.get(operator)
    if (closer !== undefined) open.push(closer)
    else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = open.pop()
      if (expected === undefined) return fail(`unexpected '${operator}'`)
      if (expected !== operator) return fail(`unexpected '${operator}', expected '${expected}'`)
    }
    tokens.push({ type: 'operator', text: operator, at })
    at += operator.length
  }
  ended(tokens)
  return null
}
