import type { Engine } from './engine'
import type { Filter, FilterTable } from './filter-kinds'
import { flag, integerOrNone } from './parameters'
import { floatText } from './python-float'
import { asNumber } from './python-order'
import { toText } from './python-repr'
import { itemsOf } from './python-sequence'
import { splitOnSpace } from './python-space'
import { derived, isCaptured, isDict, isObject, isSequence, isUndefined, typeName, union, type Sources, type Value } from './values'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' }

export function escapeHtml(engine: Engine, value: string): string {
  engine.reserve(value.length)
  return value.replace(/[&<>'"]/g, (character) => ENTITIES[character] ?? character)
}

const escaping = (heedSafe: boolean): Filter => ({
  parameters: [],
  apply(engine, target) {
    if (heedSafe && target.safe) return target
    const { text: plain, from } = toText(engine, target)
    return { ...derived(escapeHtml(engine, plain), from), safe: true }
  },
})

export const ENCODE_FILTERS: FilterTable = {
  e: escaping(true),
  escape: escaping(true),
  forceescape: escaping(false),
  striptags: {
    parameters: [],
    apply(engine, target) {
      const { text: plain, from } = toText(engine, target)
      return { ...derived(stripTags(engine, plain), from), safe: true }
    },
  },
  urlencode: {
    parameters: [],
    apply(engine, target) {
      const { data } = target
      if (!isObject(data) || isCaptured(data)) return derived(quoteUrl(engine, toText(engine, target).text, '/'), target.from)
      let from: Sources = target.from
      const pairs = isDict(data) ? [...data.entries.values()] : itemsOf(engine, target).map((item) => itemsOf(engine, item))
      const parts = pairs.map(([key, value]) => {
        if (!key || !value) return engine.fail('not enough values to unpack (expected 2)')
        const texts = [toText(engine, key), toText(engine, value)]
        from = union(from, ...texts.map((one) => one.from))
        return texts.map((one) => quoteUrl(engine, one.text, '').replaceAll('%20', '+')).join('=')
      })
      return derived(parts.join('&'), from)
    },
  },
  xmlattr: {
    parameters: ['autospace'],
    apply(engine, target, [autospace]) {
      if (!isDict(target.data)) return engine.fail(`'${typeName(target.data)}' object has no attribute 'items'`)
      let from: Sources = target.from
      const parts: string[] = []
      for (const [key, value] of target.data.entries.values()) {
        if (value.data === null || isUndefined(value.data)) continue
        const name = toText(engine, key)
        const content = toText(engine, value)
        if (/[\t\n\v\f\r />=]/.test(name.text)) engine.fail('Invalid character in attribute name')
        from = union(from, name.from, content.from)
        parts.push(`${escapeHtml(engine, name.text)}="${escapeHtml(engine, content.text)}"`)
      }
      return derived((flag(engine, autospace, true) && parts.length > 0 ? ' ' : '') + parts.join(' '), from)
    },
  },
  tojson: {
    parameters: ['indent'],
    apply(engine, target, [indent]) {
      const json = toJson(engine, target, indentUnit(engine, indent), '')
      const safe = json.text.replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
      return { ...derived(safe, json.from), safe: true }
    },
  },
}

/** MarkupSafe's `striptags`: comments, then tags, gone; white space runs become one blank; entities resolved. */
function stripTags(engine: Engine, value: string): string {
  let plain = removeBetween(engine, value, '<!--', '-->')
  plain = removeBetween(engine, plain, '<', '>')
  return splitOnSpace(plain).join(' ').replace(/&(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\xa0' }[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  })
}

function removeBetween(engine: Engine, value: string, open: string, close: string): string {
  const kept: string[] = []
  let at = 0
  for (let start = value.indexOf(open); start >= 0; start = value.indexOf(open, at)) {
    engine.spend(1)
    const end = value.indexOf(close, start + open.length)
    if (end < 0) break
    kept.push(value.slice(at, start))
    at = end + close.length
  }
  return kept.join('') + value.slice(at)
}

function quoteUrl(engine: Engine, value: string, extra: string): string {
  engine.reserve(value.length * 3)
  const unreserved = new Set(`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~${extra}`)
  let result = ''
  for (const byte of new TextEncoder().encode(value)) {
    const character = String.fromCharCode(byte)
    result += byte < 128 && unreserved.has(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}

function indentUnit(engine: Engine, value: Value | undefined): string | null {
  if (typeof value?.data === 'string') return value.data
  const width = integerOrNone(engine, value)
  if (width === null) return null
  engine.reserve(Math.max(0, width))
  return ' '.repeat(Math.max(0, width))
}

/** Python's `json.dumps(value, sort_keys=True)`. */
function toJson(engine: Engine, value: Value, unit: string | null, margin: string): { text: string; from: Sources } {
  engine.spend(1)
  const { data, from } = value
  if (typeof data === 'string') return { text: quoteJson(engine, data), from }
  if (data === null || typeof data === 'boolean') return { text: String(data), from }
  const number = asNumber(data)
  if (number !== undefined) return { text: typeof number === 'bigint' ? number.toString() : jsonFloat(number), from }
  if (isCaptured(data)) {
    const { text: plain, from: inside } = toText(engine, value)
    return { text: quoteJson(engine, plain), from: union(from, inside) }
  }
  const inner = margin + (unit ?? '')
  const wrap = (open: string, parts: readonly { text: string; from: Sources }[], close: string) => {
    const lineBreak = unit === null ? '' : `\n${inner}`
    const length = parts.reduce((sum, part) => sum + part.text.length + inner.length + 2, margin.length + 2)
    engine.reserve(length)
    const body = parts.map((part) => part.text).join(unit === null ? ', ' : `,${lineBreak}`)
    const whole = parts.length === 0 ? open + close : open + lineBreak + body + (unit === null ? '' : `\n${margin}`) + close
    return { text: whole, from: union(from, ...parts.map((part) => part.from)) }
  }
  if (isSequence(data) && (data.kind === 'list' || data.kind === 'tuple')) {
    return engine.deeper(() => wrap('[', data.items.map((item) => toJson(engine, item, unit, inner)), ']'))
  }
  if (isDict(data)) return engine.deeper(() => wrap('{', jsonEntries(engine, data.entries.values(), unit, inner), '}'))
  return engine.fail(`Object of type ${typeName(data)} is not JSON serializable`)
}

function jsonEntries(engine: Engine, entries: Iterable<readonly [Value, Value]>, unit: string | null, margin: string) {
  const named = [...entries].map(([key, value]) => {
    if (isObject(key.data)) return engine.fail(`keys must be str, int, float, bool or None, not ${typeName(key.data)}`)
    const name = typeof key.data === 'string' ? key.data : toJson(engine, key, null, '').text
    return { name, key, value }
  })
  named.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
  return named.map(({ name, key, value }) => {
    const item = toJson(engine, value, unit, margin)
    return { text: `${quoteJson(engine, name)}: ${item.text}`, from: union(key.from, item.from) }
  })
}

const jsonFloat = (value: number) => (Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity')

function quoteJson(engine: Engine, value: string): string {
  engine.reserve(value.length * 6)
  return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

