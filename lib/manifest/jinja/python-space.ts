/** What Python's `str` calls white space; JavaScript's set differs by a few characters. */
const SPACES = new Set(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
)

export const isSpace = (character: string | undefined): boolean => character !== undefined && SPACES.has(character)

/** First index at or after `from` that is not in `set`. */
export function skipForward(text: string, set: (character: string) => boolean = isSpace, from = 0): number {
  let index = from
  while (index < text.length && set(text.charAt(index))) index += 1
  return index
}

/** Index after the last character that is not in `set`, not below `floor`. */
export function skipBackward(text: string, set: (character: string) => boolean = isSpace, floor = 0): number {
  let index = text.length
  while (index > floor && set(text.charAt(index - 1))) index -= 1
  return index
}

/** Python's `str.split()` without a separator. */
export function splitOnSpace(text: string, limit = Infinity): string[] {
  const words: string[] = []
  let start = skipForward(text)
  while (start < text.length && words.length < limit) {
    const end = skipForward(text, (character) => !isSpace(character), start)
    words.push(text.slice(start, end))
    start = skipForward(text, isSpace, end)
  }
  if (start < text.length) words.push(text.slice(start, skipBackward(text)))
  return words
}

const LINE_BREAKS = new Set('\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029')

/** Python's `str.splitlines()`: no last empty line. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = []
  let start = 0
  for (let index = 0; index < text.length; index += 1) {
    if (!LINE_BREAKS.has(text.charAt(index))) continue
    const next = text.startsWith('\r\n', index) ? index + 2 : index + 1
    lines.push(text.slice(start, keepEnds ? next : index))
    start = next
    index = next - 1
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}
