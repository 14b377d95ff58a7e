import { captured } from './captured'
import { toText } from './python-repr'
import type { Run } from './run'
import { derived, isCaptured, NONE, union, type Value } from './values'

/** Texts in a row, as `~` and `join` make them. Captured text among them keeps its tokens, and values then become tokens too. */
export function concatenate(run: Run, parts: readonly Value[]): Value {
  const structured = parts.some((part) => isCaptured(part.data) && part.from.size === 0)
  const texts = parts.map((part) => {
    if (structured && isCaptured(part.data) && part.from.size === 0) return { text: part.data.text, from: NONE }
    const plain = toText(run, part)
    return structured && plain.from.size > 0 ? { text: run.mint(plain.text, plain.from), from: NONE } : plain
  })
  run.reserve(texts.reduce((length, one) => length + one.text.length, 0))
  const whole = texts.map((one) => one.text).join('')
  return structured ? captured(run, whole) : derived(whole, union(...texts.map((one) => one.from)))
}
