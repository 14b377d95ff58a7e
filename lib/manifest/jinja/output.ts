import { lastAtOrBefore, sourceOf, type Position, type Source } from './source'
import type { Run } from './run'

/** Text as it is written, with the place in the source that each stretch comes from. */
export interface Output {
  readonly text: () => string
  /** `length` counts what tokens stand for. With `literal` the text is the source's own, character by character. */
  write(text: string, at: number, length: number, literal: boolean): void
  sourcePosition(source: Source): (line: number, column: number) => Position
}

export function output(run: Run): Output {
  const parts: string[] = []
  const starts: number[] = []
  const origins: { readonly at: number; readonly literal: boolean }[] = []
  let written = 0
  let expanded = 0
  const text = () => parts.join('')
  return {
    text,
    write(part, at, length, literal) {
      if (part === '') return
      expanded += length
      if (expanded > run.limits.outputBytes) run.exceed('makes a text that is too long')
      run.spend(part.length / 128)
      parts.push(part)
      starts.push(written)
      origins.push({ at, literal })
      written += part.length
    },
    sourcePosition(source) {
      const rendered = sourceOf(text())
      return (line, column) => {
        const offset = rendered.offset(line, column)
        const index = lastAtOrBefore(starts, offset)
        const origin = origins[index]
        if (!origin) return source.position(Math.min(offset, source.text.length))
        return source.position(origin.at + (origin.literal ? offset - (starts[index] ?? 0) : 0))
      }
    },
  }
}
