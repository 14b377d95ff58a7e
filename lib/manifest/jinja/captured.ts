import { isSpace, skipBackward, skipForward } from './python-space'
import { CHARACTERS_PER_STEP, tokensBeginningWith, type Run } from './run'
import { constant, derived, isCaptured, NONE, union, type Sources, type Value } from './values'
import type { Piece } from './render-text'

/** A stretch of captured text: what the author wrote, or what a value put there. */
type Part = string | Piece

export function partsOf(run: Run, text: string): Part[] {
  run.spend(text.length / CHARACTERS_PER_STEP)
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(tokensBeginningWith(run.tokenPrefix))) {
    const piece = run.pieces.get(match[0])
    if (!piece) continue
    if (match.index > end) parts.push(text.slice(end, match.index))
    parts.push(piece)
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push(text.slice(end))
  return parts
}

/** The value of captured text: plain when no token stands in it. */
export const captured = (run: Run, text: string): Value =>
  constant(text.includes(run.tokenPrefix) ? { kind: 'captured', text } : text)

/** The text in full, and the variables whose values are in it. */
export function expand(run: Run, text: string): { text: string; from: Sources } {
  if (!text.includes(run.tokenPrefix)) return { text, from: NONE }
  const parts = partsOf(run, text)
  let length = 0
  for (const part of parts) length += typeof part === 'string' ? part.length : part.text.length
  run.reserve(length)
  return {
    text: parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''),
    from: union(...parts.map((part) => (typeof part === 'string' ? NONE : part.variables))),
  }
}

/** Captured text becomes a string that derives from the values in it; anything else stays. */
export function settled(run: Run, value: Value): Value {
  if (!isCaptured(value.data)) return value
  const { text, from } = expand(run, value.data.text)
  return derived(text, union(value.from, from), union(value.swayedBy, from))
}

const rewrite = (run: Run, piece: Piece, text: string): string => (text === piece.text ? piece.token : run.mint(text, piece.variables, piece.tells))

/** Python's `strip` over captured text: what it takes off a value stays inside that value's token. */
export function trimCaptured(run: Run, text: string, set: (character: string) => boolean = isSpace): string {
  const parts = partsOf(run, text)
  trimEdge(run, parts, (part) => part.slice(skipForward(part, set)))
  parts.reverse()
  trimEdge(run, parts, (part) => part.slice(0, skipBackward(part, set)))
  return parts.reverse().map((part) => (typeof part === 'string' ? part : part.token)).join('')
}

function trimEdge(run: Run, parts: Part[], trim: (text: string) => string): void {
  let blank: Sources = NONE
  for (const [index, part] of parts.entries()) {
    const text = trim(typeof part === 'string' ? part : part.text)
    if (typeof part === 'string') {
      if (text !== part) run.decide(blank)
      parts[index] = text
      if (text !== '') return
    } else {
      const token = rewrite(run, part, text)
      parts[index] = run.pieces.get(token) ?? part
      if (text !== '') return
      blank = union(blank, part.variables)
    }
  }
}

/**
 * Jinja's `indent` over captured text. White space goes before every line but the first (all with `first`), not before
 * blank ones (unless `blank`); inside a value it becomes part of the value.
 */
export function indentCaptured(run: Run, text: string, by: string, first: boolean, blank: boolean): string {
  const parts = partsOf(run, text)
  const lineStart = '\n'
  /** Whether the line that begins in part `index`, after `rest` of it, has any character. */
  const isBlank = (index: number, rest: string): boolean => {
    if (rest !== '') return rest.startsWith(lineStart)
    for (const part of parts.slice(index + 1)) {
      const ahead = typeof part === 'string' ? part : part.text
      if (ahead !== '') return ahead.startsWith(lineStart)
    }
    return true
  }
  const result = parts.map((part, index) => {
    const own = (typeof part === 'string' ? part : part.text).replace(/\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]/g, lineStart)
    const lines = own.split(lineStart)
    const grown = lines.map((line, number) => {
      if (number === 0) return line
      run.spend(1)
      const last = number === lines.length - 1
      return (last ? isBlank(index, line) : line === '') && !blank ? line : by + line
    })
    run.reserve(own.length + by.length * lines.length)
    const joined = grown.join(lineStart)
    return typeof part === 'string' ? joined : rewrite(run, part, joined)
  })
  return (first ? by : '') + result.join('')
}
