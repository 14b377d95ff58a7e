import type { Engine } from './engine'
import { integer } from './parameters'
import { presentFloat } from './python-float'
import { asNumber } from './python-order'
import { toRepr, toText } from './python-repr'
import { characterCount, characters } from './python-sequence'
import { constant, derived, isUndefined, NONE, union, type CallArguments, type Sources, type Value } from './values'

/** Python's `format.format(*args, **kwargs)` with fields by place or name, `.attribute`, `[key]`, `!r` and a format spec without nesting. */
export function formatBraces(engine: Engine, format: string, args: CallArguments): Value {
  const parts: string[] = []
  let from: Sources = NONE
  let length = 0
  let automatic = 0
  let at = 0
  const push = (text: string) => {
    length += text.length
    engine.reserve(length)
    parts.push(text)
  }
  while (at < format.length) {
    engine.spend(1)
    const brace = /[{}]/.exec(format.slice(at, at + 4096))
    const next = brace ? at + brace.index : Math.min(format.length, at + 4096)
    push(format.slice(at, next))
    at = next
    if (!brace) continue
    const character = format.charAt(at)
    if (format.charAt(at + 1) === character) {
      push(character)
      at += 2
      continue
    }
    if (character === '}') engine.fail("Single '}' encountered in format string")
    const end = format.indexOf('}', at)
    if (end < 0) engine.fail("Single '{' encountered in format string")
    const field = /^([^!:[{]*(?:\[[^\]]*\][^!:[{]*)*)(?:!([rsa]))?(?::([^{]*))?$/.exec(format.slice(at + 1, Math.min(end, at + 256)))
    if (!field || end > at + 256) return engine.fail('a field of the format string is not understood')
    const [, path = '', conversion, spec = ''] = field
    const [name = ''] = path.split(/[.[]/)
    const root = name === '' ? args.positional[automatic++] : /^[0-9]+$/.test(name) ? args.positional[Number(name)] : args.named.get(name)
    if (!root) return engine.fail('the format string asks for an argument that is not given')
    const value = follow(engine, root, path.slice(name.length))
    const shown = conversion === undefined ? value : derived((conversion === 's' ? toText : toRepr)(engine, value).text, value.from)
    const text = present(engine, shown, spec)
    from = union(from, root.from, value.from, toText(engine, shown).from)
    push(text)
    at = end + 1
  }
  return derived(parts.join(''), from)
}

function follow(engine: Engine, root: Value, path: string): Value {
  let value = root
  for (const [, attribute, key] of path.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    value = attribute !== undefined
      ? engine.attribute(value, attribute)
      : engine.item(value, constant(/^[0-9]+$/.test(key ?? '') ? BigInt(key ?? '0') : (key ?? '')))
    if (isUndefined(value.data)) engine.fail(value.data.reason)
  }
  return value
}

function present(engine: Engine, value: Value, spec: string): string {
  if (spec === '') return toText(engine, value).text
  const match = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?([0-9]{1,9})?([,_])?(?:\.([0-9]{1,9}))?([a-zA-Z%])?$/su.exec(spec)
  if (!match) return engine.fail('Invalid format specifier')
  const [, fill, align, sign = '-', alternate, zero, widthText, grouping, precisionText, type] = match
  const width = integer(engine, constant(BigInt(widthText ?? '0')), 0)
  const precision = precisionText === undefined ? undefined : Number(precisionText)
  engine.reserve(width)
  const number = asNumber(value.data)
  const numeric = number !== undefined && !(typeof value.data === 'boolean' && type === undefined)
  const body = numeric
    ? numberBody(engine, number, { type, precision, grouping, alternate: alternate !== undefined })
    : textBody(engine, value, type, precision)
  const negative = numeric && body.startsWith('-')
  const digits = negative ? body.slice(1) : body
  const lead = !numeric ? '' : negative ? '-' : sign === '-' ? '' : sign
  const room = Math.max(0, width - characterCount(lead + digits))
  const padding = (fill ?? (zero && !align ? '0' : ' ')).repeat(room)
  const placed = align ?? (zero && numeric ? '=' : numeric ? '>' : '<')
  if (placed === '=') return numeric ? lead + padding + digits : engine.fail("'=' alignment not allowed in string format specifier")
  if (placed === '>') return padding + lead + digits
  if (placed === '<') return lead + digits + padding
  const left = Math.floor(room / 2)
  return padding.slice(0, padding.length / (room || 1) * left) + lead + digits + padding.slice(padding.length / (room || 1) * left)
}

function textBody(engine: Engine, value: Value, type: string | undefined, precision: number | undefined): string {
  if (type !== undefined && type !== 's') engine.fail('Unknown format code for this type')
  const { text } = toText(engine, value)
  return precision === undefined ? text : characters(text).slice(0, precision).join('')
}

interface NumberStyle {
  readonly type: string | undefined
  readonly precision: number | undefined
  readonly grouping: string | undefined
  readonly alternate: boolean
}

function numberBody(engine: Engine, number: bigint | number, { type, precision, grouping, alternate }: NumberStyle): string {
  if (precision !== undefined && precision > 100) engine.exceed('asks for too many digits')
  const group = (text: string) => (grouping === undefined ? text : text.replace(/^-?[0-9]+/, (whole) => whole.replace(/\B(?=(?:[0-9]{3}){1,2000}$)/g, grouping)))
  if (typeof number === 'bigint' && (type === undefined || 'dnboxXc'.includes(type))) {
    if (type === 'c') return String.fromCodePoint(Number(number >= 0n && number < 0x110000n ? number : engine.fail('%c arg not in range(0x110000)')))
    const radix = type === 'b' ? 2 : type === 'o' ? 8 : type === 'x' || type === 'X' ? 16 : 10
    const digits = (number < 0n ? -number : number).toString(radix)
    const prefix = alternate && radix !== 10 ? `0${type ?? ''}` : ''
    return (number < 0n ? '-' : '') + prefix + (type === 'X' ? digits.toUpperCase() : group(digits))
  }
  const value = Number(number)
  if (type === undefined) return group(precision === undefined ? toText(engine, constant(value)).text : presentFloat('g', value, precision))
  if (type === '%') return `${presentFloat('f', value * 100, precision ?? 6)}%`
  const lower = type.toLowerCase()
  if (lower !== 'e' && lower !== 'f' && lower !== 'g') return engine.fail('Unknown format code for this type')
  const text = group(presentFloat(lower, value, precision ?? 6))
  return type === lower ? text : text.toUpperCase()
}
