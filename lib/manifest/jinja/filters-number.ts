import type { Engine } from './engine'
import { plainFilter, type FilterTable } from './filter-kinds'
import { flag, integer, strictText } from './parameters'
import { fixedText, roundFloat } from './python-float'
import { numbers } from './python-arithmetic'
import { asNumber } from './python-order'
import { parseFloatText, parseIntText } from './python-number-text'
import { isUndefined, typeName, type Data, type Value } from './values'

export const NUMBER_FILTERS: FilterTable = {
  abs: plainFilter([], (engine, target) => {
    const number = real(engine, target)
    return number < 0 || Object.is(number, -0) ? -number : number
  }),
  int: plainFilter(['default', 'base'], (engine, target, [fallback, base]) => {
    const whole = toInt(engine, target, integer(engine, base, 10))
    return whole ?? (fallback ? fallback.data : 0n)
  }),
  float: plainFilter(['default'], (engine, target, [fallback]) => toFloat(engine, target) ?? (fallback ? fallback.data : 0)),
  round: plainFilter(['precision', 'method'], (engine, target, [digits, method]) =>
    round(engine, real(engine, target), integer(engine, digits, 0), strictText(engine, method, 'common'))),
  filesizeformat: plainFilter(['binary'], (engine, target, [binary]) => {
    const size = toFloat(engine, target)
    return size === null ? engine.fail('could not convert to a number of bytes') : fileSize(size, flag(engine, binary))
  }),
}

function real(engine: Engine, { data }: Value): bigint | number {
  const number = asNumber(data)
  return number ?? engine.fail(isUndefined(data) ? data.reason : `a number is required, not ${typeName(data)}`)
}

/** Jinja's `int`: None where Python's `int()` and `float()` both refuse. */
function toInt(engine: Engine, { data }: Value, base: number): bigint | null {
  if (isUndefined(data)) return engine.fail(data.reason)
  if (typeof data === 'string') {
    const whole = parseIntText(engine, data, base)
    if (whole !== null) return whole
    const float = parseFloatText(data)
    return float === null || Number.isNaN(float) ? null : truncated(engine, float)
  }
  const number = asNumber(data)
  if (number === undefined || Number.isNaN(number)) return null
  return typeof number === 'bigint' ? number : truncated(engine, number)
}

const truncated = (engine: Engine, value: number): bigint =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)) : engine.fail('cannot convert float infinity to integer')

function toFloat(engine: Engine, { data }: Value): number | null {
  if (isUndefined(data)) return engine.fail(data.reason)
  if (typeof data === 'string') return parseFloatText(data)
  const number = asNumber(data)
  return number === undefined ? null : Number(number)
}

function round(engine: Engine, value: bigint | number, digits: number, method: string): Data {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') engine.fail('method must be common, ceil or floor')
  if (Math.abs(digits) > 4000) engine.exceed('asks for too many digits')
  if (method === 'common') {
    if (typeof value === 'number') return Number.isFinite(value) ? roundFloat(value, digits) : value
    return digits >= 0 ? value : roundInt(value, 10n ** BigInt(-digits))
  }
  const factor = numbers(engine, '**', 10n, BigInt(digits))
  const product = numbers(engine, '*', value, factor)
  const whole = typeof product === 'bigint' ? product : BigInt(method === 'ceil' ? Math.ceil(product) : Math.floor(product))
  return Number(numbers(engine, '/', whole, factor))
}

function roundInt(value: bigint, unit: bigint): bigint {
  const remainder = ((value % unit) + unit) % unit
  const below = value - remainder
  const up = remainder * 2n > unit || (remainder * 2n === unit && (below / unit) % 2n !== 0n)
  return up ? below + unit : below
}

function fileSize(size: number, binary: boolean): string {
  const base = binary ? 1024 : 1000
  if (size === 1) return '1 Byte'
  if (size < base) return `${Math.trunc(size)} Bytes`
  const names = binary ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'] : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
  const power = names.findIndex((_, index) => size < base ** (index + 2))
  const index = power < 0 ? names.length - 1 : power
  return `${fixedText((base * size) / base ** (index + 2), 1)} ${names[index]}`
}
