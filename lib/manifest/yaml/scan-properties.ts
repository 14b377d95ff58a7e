import { type Cursor, isBreakOrEnd, isSpaceOrEnd, isWord, type Mark, scanLineBreak, shown, skipComment, skipSpaces } from './cursor'

const blankOrEnd = (ch: string): boolean => ch === ' ' || isBreakOrEnd(ch)
const isHex = (ch: string): boolean => /^[0-9A-Fa-f]$/.test(ch)

function take(cursor: Cursor, length: number): string {
  const part = cursor.text.slice(cursor.index, cursor.index + length)
  cursor.forward(length)
  return part
}

function wordLength(cursor: Cursor, from = 0): number {
  let length = from
  while (isWord(cursor.peek(length))) length++
  return length
}

/** The name after `&` or `*`. */
export function scanAnchorName(cursor: Cursor): string {
  const start = cursor.mark()
  const what = cursor.peek() === '*' ? 'an alias' : 'an anchor'
  cursor.forward()
  const length = wordLength(cursor)
  if (length === 0) cursor.fail(`The name of ${what} is missing or has a character that names cannot have`)
  const name = take(cursor, length)
  if (!isSpaceOrEnd(cursor.peek()) && !'?:,]}%@`'.includes(cursor.peek())) {
    cursor.fail(`The name of ${what} is followed by ${shown(cursor.peek())}`)
  }
  cursor.refuseTokens(name, `the name of ${what}`, start)
  return name
}

export interface TagName {
  readonly handle: string | null
  readonly suffix: string
}

/** A tag, from its `!` on. */
export function scanTag(cursor: Cursor): TagName {
  const start = cursor.mark()
  const tag = scanTagName(cursor, start)
  if (!blankOrEnd(cursor.peek())) cursor.fail(`A tag must be followed by a blank, but ${shown(cursor.peek())} follows`)
  cursor.refuseTokens(cursor.text.slice(start.index, cursor.index), 'a tag', start)
  return tag
}

function scanTagName(cursor: Cursor, start: Mark): TagName {
  const next = cursor.peek(1)
  if (next === '<') {
    cursor.forward(2)
    const suffix = scanTagUri(cursor)
    if (cursor.peek() !== '>') cursor.fail(`A tag that starts with '!<' must end with '>'`, start)
    cursor.forward()
    return { handle: null, suffix }
  }
  if (isSpaceOrEnd(next)) {
    cursor.forward()
    return { handle: null, suffix: '!' }
  }
  let length = 1
  while (!blankOrEnd(cursor.peek(length)) && cursor.peek(length) !== '!') length++
  const handle = cursor.peek(length) === '!' ? scanTagHandle(cursor) : take(cursor, 1)
  return { handle, suffix: scanTagUri(cursor) }
}

function scanTagHandle(cursor: Cursor): string {
  if (cursor.peek() !== '!') cursor.fail(`A tag handle must start with '!'`)
  if (cursor.peek(1) === ' ') return take(cursor, 1)
  const length = wordLength(cursor, 1)
  if (cursor.peek(length) !== '!') {
    cursor.forward(length)
    cursor.fail(`A tag handle must end with '!'`)
  }
  return take(cursor, length + 1)
}

function scanTagUri(cursor: Cursor): string {
  let uri = ''
  for (;;) {
    const ch = cursor.peek()
    if (ch === '%') uri += scanUriEscapes(cursor)
    else if (ch !== '\0' && (isWord(ch) || "-;/?:@&=+$,_.!~*'()[]".includes(ch))) uri += take(cursor, 1)
    else break
  }
  if (uri === '') cursor.fail(`The name of a tag is missing`)
  return uri
}

function scanUriEscapes(cursor: Cursor): string {
  const start = cursor.mark()
  const bytes: number[] = []
  while (cursor.peek() === '%') {
    cursor.forward()
    if (!isHex(cursor.peek()) || !isHex(cursor.peek(1))) cursor.fail(`'%' in a tag must be followed by two hexadecimal digits`)
    bytes.push(Number.parseInt(take(cursor, 2), 16))
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return cursor.fail(`The '%' escapes of a tag are no UTF-8`, start)
  }
}

export type Directive = { readonly name: 'YAML'; readonly major: number } | { readonly name: 'TAG'; readonly handle: string; readonly prefix: string } | { readonly name: null }

/** A `%` line. */
export function scanDirective(cursor: Cursor): Directive {
  const start = cursor.mark()
  cursor.forward()
  const length = wordLength(cursor)
  if (length === 0) cursor.fail(`A line that starts with '%' is a directive and needs a name; quote the text if none is meant`)
  const name = take(cursor, length)
  if (!blankOrEnd(cursor.peek())) cursor.fail(`A line that starts with '%' is a directive and its name is followed by ${shown(cursor.peek())}; quote the text if none is meant`)
  let directive: Directive = { name: null }
  if (name === 'YAML') directive = scanVersion(cursor)
  else if (name === 'TAG') directive = scanTagShorthand(cursor)
  else while (!isBreakOrEnd(cursor.peek())) cursor.forward()
  skipSpaces(cursor)
  skipComment(cursor)
  if (!isBreakOrEnd(cursor.peek())) cursor.fail(`A directive is followed by ${shown(cursor.peek())}`)
  cursor.refuseTokens(cursor.text.slice(start.index, cursor.index), 'a directive', start)
  scanLineBreak(cursor)
  return directive
}

function scanVersion(cursor: Cursor): Directive {
  skipSpaces(cursor)
  const number = (): number => {
    let length = 0
    while (/^[0-9]$/.test(cursor.peek(length))) length++
    if (length === 0) cursor.fail(`The %YAML directive needs a version such as 1.1`)
    return Number(take(cursor, length))
  }
  const major = number()
  if (cursor.peek() !== '.') cursor.fail(`The %YAML directive needs a version such as 1.1`)
  cursor.forward()
  number()
  if (!blankOrEnd(cursor.peek())) cursor.fail(`The version of the %YAML directive is followed by ${shown(cursor.peek())}`)
  return { name: 'YAML', major }
}

function scanTagShorthand(cursor: Cursor): Directive {
  skipSpaces(cursor)
  const handle = scanTagHandle(cursor)
  if (cursor.peek() !== ' ') cursor.fail(`The handle of a %TAG directive must be followed by a space`)
  skipSpaces(cursor)
  const prefix = scanTagUri(cursor)
  if (!blankOrEnd(cursor.peek())) cursor.fail(`The prefix of a %TAG directive is followed by ${shown(cursor.peek())}`)
  return { name: 'TAG', handle, prefix }
}
