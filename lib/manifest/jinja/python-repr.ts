import { expand } from './captured'
import { floatText } from './python-float'
import type { Run } from './run'
import { union, type Data, type Sources, type Value } from './values'

export interface Text {
  readonly text: string
  readonly from: Sources
}

/** Python's `str()`, and every variable that had a part in it. */
export function toText(run: Run, value: Value): Text {
  const { data, from } = value
  if (typeof data === 'string') return { text: data, from }
  if (typeof data === 'object' && data !== null) {
    if (data.kind === 'captured') {
      const expanded = expand(run, data.text)
      return { text: expanded.text, from: union(from, expanded.from) }
    }
    if (data.kind === 'undefined') return { text: '', from }
  }
  return toRepr(run, value)
}

/** Python's `repr()`. */
export function toRepr(run: Run, value: Value): Text {
  run.spend(1)
  const { data, from } = value
  if (data === null) return { text: 'None', from }
  if (typeof data === 'boolean') return { text: data ? 'True' : 'False', from }
  if (typeof data === 'bigint') return { text: data.toString(), from }
  if (typeof data === 'number') return { text: floatText(data), from }
  if (typeof data === 'string') return { text: quoted(run, data), from }
  switch (data.kind) {
    case 'captured': {
      const expanded = expand(run, data.text)
      return { text: quoted(run, expanded.text), from: union(from, expanded.from) }
    }
    case 'undefined': return { text: 'Undefined', from }
    case 'list': return enclosed(run, '[', data.items, ']', from)
    case 'tuple': return enclosed(run, '(', data.items, data.items.length === 1 ? ',)' : ')', from)
    case 'view': return enclosed(run, 'dict_items([', data.items, '])', from)
    case 'range': return { text: `range(${data.start}, ${data.stop}${data.step === 1n ? '' : `, ${data.step}`})`, from }
    case 'dict': return run.deeper(() => {
      const texts = [...data.entries.values()].map(([key, item]) => {
        const left = toRepr(run, key)
        const right = toRepr(run, item)
        return { text: `${left.text}: ${right.text}`, from: union(left.from, right.from) }
      })
      return joined(run, '{', texts, '}', from)
    })
    case 'iterator': return { text: '<generator object>', from }
    case 'native': return { text: `<${data.type}>`, from }
  }
}

function enclosed(run: Run, open: string, items: readonly Value[], close: string, from: Sources): Text {
  return run.deeper(() => joined(run, open, items.map((item) => toRepr(run, item)), close, from))
}

function joined(run: Run, open: string, texts: readonly Text[], close: string, from: Sources): Text {
  let length = 0
  let sources = from
  for (const { text, from: own } of texts) {
    length += text.length + 2
    sources = union(sources, own)
  }
  run.reserve(length)
  return { text: open + texts.map(({ text }) => text).join(', ') + close, from: sources }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
/** What Python's `repr` does not print as it is. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u

function quoted(run: Run, text: string): string {
  run.reserve(text.length * 4)
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let result = quote
  for (const character of text) {
    if (character === quote) result += `\\${character}`
    else if (Object.hasOwn(ESCAPES, character)) result += ESCAPES[character] ?? character
    else if (character >= ' ' && character <= '~') result += character
    else result += UNPRINTABLE.test(character) ? hexEscape(character.codePointAt(0) ?? 0) : character
  }
  return result + quote
}

function hexEscape(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/** Whether Python takes the value for true. */
export function isTrue(run: Run, data: Data): boolean {
  if (data === null) return false
  if (typeof data !== 'object') return Boolean(data)
  switch (data.kind) {
    case 'captured': return expand(run, data.text).text !== ''
    case 'undefined': return false
    case 'list':
    case 'tuple':
    case 'view': return data.items.length > 0
    case 'dict': return data.entries.size > 0
    case 'range': return rangeLength(data) > 0n
    case 'iterator':
    case 'native': return true
  }
}

export function rangeLength({ start, stop, step }: { start: bigint; stop: bigint; step: bigint }): bigint {
  const span = step > 0n ? stop - start : start - stop
  const size = step > 0n ? step : -step
  return span <= 0n ? 0n : (span + size - 1n) / size
}

/** The variables whose content settles whether the value is true. */
export function truthSources(run: Run, { data, swayedBy }: Value): Sources {
  if (typeof data !== 'object' || data === null || data.kind !== 'captured') return swayedBy
  const { from } = expand(run, data.text)
  const ownText = data.text.replace(new RegExp(`${run.tokenPrefix}[0-9]+`, 'g'), '')
  return ownText === '' ? union(swayedBy, from) : swayedBy
}
