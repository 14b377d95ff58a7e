import { CORE } from './compose'

/** Why a tagged scalar has no value, as a sentence part; callers add the place. */
export interface ScalarFault {
  readonly fault: string
}

/** A date or time; no field of a manifest takes one, and `message_schema` keeps its ISO form. */
export class YamlDate {
  constructor(readonly iso: string) {}
}

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const INT = /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const NULL = /^(?:~|null|Null|NULL|)$/
const TIMESTAMP = /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/
/** Digits beyond which Python, too, refuses to read a decimal number. */
const MAX_DIGITS = 4300

/**
 * The tag that PyYAML's SafeLoader gives a plain scalar. In its table some words hang on their first letter, so the order of
 * the rules matters only between int and float, which no text satisfies both.
 */
export function resolveTag(value: string): string {
  if (NULL.test(value)) return `${CORE}null`
  if (BOOL.test(value)) return `${CORE}bool`
  if (/^[-+.0-9]/.test(value)) {
    if (FLOAT.test(value)) return `${CORE}float`
    if (INT.test(value)) return `${CORE}int`
    if (TIMESTAMP.test(value)) return `${CORE}timestamp`
  }
  if (value === '<<') return `${CORE}merge`
  if (value === '=') return `${CORE}value`
  return `${CORE}str`
}

export type Scalar = null | boolean | number | bigint | string | YamlDate

/** The value of a scalar with a core tag, as PyYAML's SafeConstructor makes it; a fault where that raises. */
export function constructScalar(tag: string, value: string): Scalar | ScalarFault {
  switch (tag.startsWith(CORE) ? tag.slice(CORE.length) : '') {
    case 'str': return value
    case 'null': return null
    case 'bool': return constructBool(value)
    case 'int': return constructInt(value)
    case 'float': return constructFloat(value)
    case 'timestamp': return constructTimestamp(value)
    case 'binary': return constructBinary(value)
    case 'value': return { fault: `a lone '=' has no value; quote it` }
    case 'merge': return { fault: `'<<' merges mappings and can only be a key; quote it` }
    default: return { fault: 'the tag is not known' }
  }
}

function constructBool(value: string): boolean | ScalarFault {
  const word = value.toLowerCase()
  if (word === 'yes' || word === 'true' || word === 'on') return true
  if (word === 'no' || word === 'false' || word === 'off') return false
  return { fault: 'the text under the tag !!bool is no boolean' }
}

function constructInt(value: string): number | bigint | ScalarFault {
  const fault = { fault: 'the number cannot be read' }
  const digits = value.replaceAll('_', '')
  if (digits.length > MAX_DIGITS) return { fault: 'the number has too many digits' }
  const negative = digits.startsWith('-')
  const body = digits.replace(/^[-+]/, '')
  const magnitude = readMagnitude(body)
  if (magnitude === null) return fault
  const exact = negative ? -magnitude : magnitude
  const number = Number(exact)
  return Number.isSafeInteger(number) ? number : exact
}

function readMagnitude(body: string): bigint | null {
  if (/^0b[01]+$/.test(body) || /^0x[0-9a-fA-F]+$/.test(body)) return BigInt(body)
  if (/^0[0-7]+$/.test(body)) return BigInt(`0o${body}`)
  if (/^(?:0|[1-9][0-9]*)$/.test(body)) return BigInt(body)
  if (!/^[0-9]+(?::[0-9]+)+$/.test(body)) return null
  return body.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
}

function constructFloat(value: string): number | ScalarFault {
  const text = value.replaceAll('_', '').toLowerCase()
  const sign = text.startsWith('-') ? -1 : 1
  const body = text.replace(/^[-+]/, '')
  if (body === '.inf') return sign * Infinity
  if (body === '.nan') return NaN
  if (/^[0-9.]+(?::[0-9.]+)+$/.test(body)) {
    const total = body.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    return Number.isNaN(total) ? { fault: 'the number cannot be read' } : sign * total
  }
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(body)) return { fault: 'the number cannot be read' }
  return sign * Number(body)
}

const TIMESTAMP_PARTS = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?$/

function constructTimestamp(value: string): YamlDate | ScalarFault {
  const fault = { fault: 'the date or time does not exist; quote it if it is meant as text' }
  const parts = TIMESTAMP_PARTS.exec(value)
  if (!parts) return fault
  const [, y = '', mo = '', d = '', h, mi, s, fraction, zone, zoneSign = '', zoneHour = '0', zoneMinute = '0'] = parts
  const two = (part: string): string => part.padStart(2, '0')
  const daysInMonth = new Date(Date.UTC(Number(y), Number(mo), 0)).getUTCDate()
  const early = Number(y) < 100
  const days = early ? [31, Number(y) % 4 === 0 && Number(y) % 100 !== 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(mo) - 1] ?? 0 : daysInMonth
  if (Number(y) < 1 || Number(mo) < 1 || Number(mo) > 12 || Number(d) < 1 || Number(d) > days) return fault
  const date = `${y}-${two(mo)}-${two(d)}`
  if (h === undefined) return new YamlDate(date)
  if (Number(h) > 23 || Number(mi) > 59 || Number(s) > 59 || Number(zoneHour) * 60 + Number(zoneMinute) >= 1440) return fault
  const micros = fraction ? `.${fraction.slice(0, 6).padEnd(6, '0')}` : ''
  const offset = zone === undefined ? '' : zone === 'Z' ? 'Z' : `${zoneSign}${two(zoneHour)}:${two(zoneMinute)}`
  return new YamlDate(`${date}T${two(h)}:${two(mi ?? '0')}:${two(s ?? '0')}${micros}${offset}`)
}

function constructBinary(value: string): string | ScalarFault {
  const fault = { fault: 'the text under the tag !!binary is no base64 of UTF-8 text' }
  if (/[^\0-\x7f]/.test(value)) return fault
  const [, body = '', padding = ''] = /^([A-Za-z0-9+/]*)(=*)/.exec(value.replace(/[^A-Za-z0-9+/=]/g, '')) ?? []
  const missing = (4 - (body.length % 4)) % 4
  if (missing === 3 || padding.length < missing) return fault
  try {
    const bytes = Uint8Array.from(atob(body), (ch) => ch.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return fault
  }
}
