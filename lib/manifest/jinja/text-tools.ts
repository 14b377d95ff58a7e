import { characterCount, characters } from './python-sequence'
import { splitLines } from './python-space'
import type { Run } from './run'

/** Python's `str.replace`; asks for the room first. A negative count replaces all. */
export function replaceText(run: Run, text: string, old: string, fresh: string, count: number): string {
  run.search(text, old)
  const limit = count < 0 ? Infinity : count
  const parts = old === '' ? ['', ...characters(text), ''] : text.split(old)
  const replaced = Math.min(parts.length - 1, limit)
  run.reserve(text.length + replaced * fresh.length)
  run.spend(parts.length / 16)
  return parts.map((part, index) => (index === 0 ? part : index <= replaced ? fresh + part : old + part)).join('')
}

/** Python's `center`: the odd blank goes to the left when the width is odd. */
export function centerText(run: Run, text: string, width: number, fill = ' '): string {
  const room = width - characterCount(text)
  if (room <= 0) return text
  run.reserve(text.length + room * fill.length)
  const left = Math.floor(room / 2) + (room & width & 1)
  return fill.repeat(left) + text + fill.repeat(room - left)
}

export function justify(run: Run, text: string, width: number, fill: string, side: 'left' | 'right'): string {
  const room = width - characterCount(text)
  if (room <= 0) return text
  run.reserve(text.length + room * fill.length)
  return side === 'left' ? text + fill.repeat(room) : fill.repeat(room) + text
}

/** Jinja's `truncate`. */
export function truncateText(run: Run, text: string, length: number, killWords: boolean, end: string, leeway: number): string {
  const ending = characterCount(end)
  if (length < ending) run.fail('the length is below that of the end')
  if (leeway < 0) run.fail('expected leeway >= 0')
  const all = characters(text)
  if (all.length <= length + leeway) return text
  const kept = all.slice(0, length - ending).join('')
  const space = kept.lastIndexOf(' ')
  return (killWords || space < 0 ? kept : kept.slice(0, space)) + end
}

export interface WrapOptions {
  readonly width: number
  readonly breakLongWords: boolean
  readonly breakOnHyphens: boolean
  readonly separator: string
}

const BLANKS = ' \t\n\v\f\r'

/** Jinja's `wordwrap`: every line by itself, as Python's `textwrap` fills it (tabs and blanks kept inside a line). */
export function wrapText(run: Run, text: string, options: WrapOptions): string {
  if (options.width <= 0) run.fail('invalid width (must be > 0)')
  const lines = splitLines(text).flatMap((line) => {
    const wrapped = wrapLine(run, line, options)
    return wrapped.length === 0 ? [''] : wrapped
  })
  run.reserve(text.length + lines.length * options.separator.length)
  return lines.join(options.separator)
}

function wrapLine(run: Run, line: string, { width, breakLongWords, breakOnHyphens }: WrapOptions): string[] {
  const chunks = chunksOf(line, breakOnHyphens)
  const lines: string[] = []
  let index = 0
  while (index < chunks.length) {
    run.spend(1)
    const current: string[] = []
    let length = 0
    if (lines.length > 0 && isBlank(chunks[index] ?? '')) index += 1
    for (let chunk = chunks[index]; chunk !== undefined && length + characterCount(chunk) <= width; chunk = chunks[index]) {
      current.push(chunk)
      length += characterCount(chunk)
      index += 1
    }
    const next = chunks[index]
    if (next !== undefined && characterCount(next) > width) {
      if (breakLongWords) {
        const room = width - length
        const letters = characters(next)
        let end = room
        const hyphen = letters.slice(0, room).lastIndexOf('-')
        if (breakOnHyphens && letters.length > room && hyphen > 0 && letters.slice(0, hyphen).some((letter) => letter !== '-')) end = hyphen + 1
        current.push(letters.slice(0, end).join(''))
        chunks[index] = letters.slice(end).join('')
      } else if (current.length === 0) {
        current.push(next)
        index += 1
      }
    }
    if (current.length > 0 && isBlank(current.at(-1) ?? '')) current.pop()
    if (current.length > 0) lines.push(current.join(''))
  }
  return lines
}

const isBlank = (chunk: string) => chunk.trim() === ''

/** Runs of blanks and of other characters; words also end after a hyphen between letters. */
function chunksOf(line: string, breakOnHyphens: boolean): string[] {
  const runs = line.split(new RegExp(`([${BLANKS}]+)`)).filter((chunk) => chunk !== '')
  if (!breakOnHyphens) return runs
  return runs.flatMap((chunk) => (isBlank(chunk) ? [chunk] : splitAtHyphens(chunk)))
}

function splitAtHyphens(word: string): string[] {
  const isLetter = (character: string | undefined) => character !== undefined && /[\p{L}_]/u.test(character)
  const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_!"'&.,?]/u.test(character)
  const parts: string[] = []
  let start = 0
  for (let index = 1; index < word.length; index += 1) {
    if (word[index] !== '-') continue
    let end = index
    while (word[end] === '-') end += 1
    if (end - index >= 2 && isWord(word[index - 1]) && /[\p{L}\p{N}_]/u.test(word[end] ?? '')) {
      if (index > start) parts.push(word.slice(start, index))
      parts.push(word.slice(index, end))
      start = end
    } else if (end - index === 1 && isLetter(word[index - 1]) && (isLetter(word[index - 2]) || word[index - 2] === '-') && isLetter(word[end]) && (isLetter(word[end + 1]) || word[end + 1] === '-')) {
      parts.push(word.slice(start, end))
      start = end
    }
    index = end - 1
  }
  if (start < word.length) parts.push(word.slice(start))
  return parts
}
