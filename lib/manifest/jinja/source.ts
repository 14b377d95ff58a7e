import { JinjaError, type JinjaErrorCode } from './errors'

export interface Position {
  readonly line: number
  readonly column: number
}

/** A text with one kind of line end, and the way from offsets to 1-based positions and back. */
export interface Source {
  readonly text: string
  position(offset: number): Position
  offset(line: number, column: number): number
  error(code: JinjaErrorCode, message: string, offset: number): JinjaError
}

/** `text` must hold no carriage returns; see `normalise`. */
export function sourceOf(text: string): Source {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const position = (offset: number): Position => {
    const line = lastAtOrBefore(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
  return {
    text,
    position,
    offset: (line, column) => {
      const index = Math.min(Math.max(line, 1), starts.length) - 1
      return Math.min((starts[index] ?? 0) + Math.max(column, 1) - 1, starts[index + 1] ?? text.length)
    },
    error: (code, message, offset) => {
      const { line, column } = position(offset)
      return new JinjaError(code, message, line, column)
    },
  }
}

/** Index of the last number that is not above `wanted`, in a rising list that begins at or below it. */
export function lastAtOrBefore(rising: readonly number[], wanted: number): number {
  let low = 0
  let high = rising.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((rising[middle] ?? 0) <= wanted) low = middle
    else high = middle - 1
  }
  return low
}

/** As Jinja reads a template: line feeds only, and one final line feed dropped. */
export const normalise = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
