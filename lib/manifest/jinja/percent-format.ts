import { asNumber } from './python-order'
import { presentFloat } from './python-float'
import { toRepr, toText } from './python-repr'
import { itemAt } from './python-sequence'
import type { Run } from './run'
import { constant, isDict, isObject, isUndefined, typeName, union, type Sources, type Value } from './values'

const CONVERSION = /%(?:\(([^)]*)\))?([-+ #0]{0,8})(\*|[0-9]{0,9})(?:\.(\*|[0-9]{0,9}))?[hlL]?(.?)/gsu

/** Python's `format % values`. The caller adds the provenance of the operands; `formatPercentWithSources` gives that of nested values. */
export const formatPercent = (run: Run, format: string, values: Value): string => formatPercentWithSources(run, format, values).text

export function formatPercentWithSources(run: Run, format: string, values: Value): { text: string; from: Sources } {
  run.reserve(format.length)
  const isTuple = isObject(values.data) && values.data.kind === 'tuple'
  const queue = isObject(values.data) && values.data.kind === 'tuple' ? [...values.data.items] : [values]
  let from: Sources = union(values.from)
  let used = 0
  let length = 0
  const take = (): Value => {
    const value = queue[used]
    used += 1
    return value ?? run.fail('not enough arguments for format string')
  }
  const takeWidth = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined
    if (text !== '*') return Number(text)
    const width = asNumber(take().data)
    return typeof width === 'bigint' ? Number(width) : run.fail('* wants int')
  }
  const text = format.replace(CONVERSION, (_, key: string | undefined, flags: string, widthText: string, precisionText: string | undefined, type: string) => {
    run.spend(1)
    if (type === '%') return '%'
    const named = key === undefined ? undefined : itemAt(run, isDict(values.data) ? values : run.fail('format requires a mapping'), constant(key)) ?? run.fail('a key of the format is missing')
    const width = takeWidth(widthText) ?? 0
    const precision = takeWidth(precisionText)
    run.reserve(Math.abs(width) + (precision ?? 0))
    const value = named ?? take()
    const converted = convert(run, type, value, flags, precision)
    from = union(from, converted.from)
    const padded = pad(converted.text, Math.abs(width), flags, width < 0, isNumeric(type))
    length += padded.length
    run.reserve(length)
    return padded
  })
  if (isTuple ? used < queue.length : used === 0 && !isDict(values.data) && !isMappingLike(values)) {
    run.fail('not all arguments converted during string formatting')
  }
  return { text, from }
}

const isMappingLike = ({ data }: Value) => isObject(data) && (data.kind === 'list' || data.kind === 'range' || data.kind === 'undefined')
const isNumeric = (type: string) => type !== '' && 'diuoxXeEfFgG'.includes(type)

function convert(run: Run, type: string, value: Value, flags: string, precision: number | undefined): { text: string; from: Sources } {
  const clip = (text: string) => (precision === undefined ? text : Array.from(text).slice(0, precision).join(''))
  if (type === 's' || type === 'r' || type === 'a') {
    const { text, from } = type === 's' ? toText(run, value) : toRepr(run, value)
    return { text: clip(text), from }
  }
  if (type === 'c') {
    if (typeof value.data === 'string' && Array.from(value.data).length === 1) return { text: value.data, from: value.from }
    if (typeof value.data === 'bigint' && value.data >= 0n && value.data < 0x110000n) return { text: String.fromCodePoint(Number(value.data)), from: value.from }
    return run.fail('%c requires int or char')
  }
  if (!isNumeric(type)) return run.fail(type === '' ? 'incomplete format' : 'unsupported format character')
  const number = asNumber(value.data)
  if (number === undefined) return run.fail(isUndefined(value.data) ? value.data.reason : `%${type} format: a real number is required, not ${typeName(value.data)}`)
  return { text: signed(numberText(run, type, number, precision, flags), flags), from: value.from }
}

function numberText(run: Run, type: string, number: bigint | number, precision: number | undefined, flags: string): string {
  if ('diuoxX'.includes(type)) {
    if (typeof number === 'number' && (!Number.isFinite(number) || 'oxX'.includes(type))) run.fail(`%${type} format: an integer is required, not float`)
    const whole = typeof number === 'number' ? BigInt(Math.trunc(number)) : number
    const digits = (whole < 0n ? -whole : whole).toString(type === 'o' ? 8 : type === 'x' || type === 'X' ? 16 : 10).padStart(precision ?? 0, '0')
    const prefix = flags.includes('#') ? ({ o: '0o', x: '0x', X: '0X' }[type] ?? '') : ''
    return (whole < 0n ? '-' : '') + prefix + (type === 'X' ? digits.toUpperCase() : digits)
  }
  if (precision !== undefined && precision > 100) run.exceed('asks for too many digits')
  const lower = type.toLowerCase()
  const text = presentFloat(lower === 'e' || lower === 'f' ? lower : 'g', Number(number), precision ?? 6, flags.includes('#'))
  return type === type.toUpperCase() ? text.toUpperCase() : text
}

const signed = (text: string, flags: string) =>
  text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text

function pad(text: string, width: number, flags: string, left: boolean, numeric: boolean): string {
  const missing = width - Array.from(text).length
  if (missing <= 0) return text
  if (left || flags.includes('-')) return text + ' '.repeat(missing)
  if (!numeric || !flags.includes('0')) return ' '.repeat(missing) + text
  const sign = /^[-+ ]?(?:0[xXo])?/.exec(text)?.[0] ?? ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}

