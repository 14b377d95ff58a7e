/** A float as Python prints it: the shortest digits, an exponent below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const digits = mantissa.replace(/[-.]/g, '')
  const sign = value < 0 ? '-' : ''
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

/** A finite float as a fraction of two ints, exactly. */
function fraction(value: number): { top: bigint; bottom: bigint } {
  let bottom = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    bottom *= 2n
  }
  return { top: BigInt(scaled), bottom }
}

/** `value` in units of `10 ** -precision`, rounded half to even on its exact value, as Python rounds. */
function scaledToEven(value: number, precision: number): bigint {
  const { top, bottom } = fraction(Math.abs(value))
  const above = precision >= 0 ? top * 10n ** BigInt(precision) : top
  const below = precision >= 0 ? bottom : bottom * 10n ** BigInt(-precision)
  const quotient = above / below
  const twice = (above % below) * 2n
  return twice > below || (twice === below && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** Python's `%.<precision>f` of a finite float. */
export function fixedText(value: number, precision: number): string {
  const digits = scaledToEven(value, precision).toString().padStart(precision + 1, '0')
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + digits.slice(0, digits.length - precision) + (precision > 0 ? `.${digits.slice(-precision)}` : '')
}

/** Python's `round(value, precision)` of a finite float. */
export function roundFloat(value: number, precision: number): number {
  if (precision > 330) return value
  if (precision >= 0) return Number(fixedText(value, precision))
  if (precision < -330) return value < 0 ? -0 : 0
  return (value < 0 ? -1 : 1) * Number(scaledToEven(value, precision) * 10n ** BigInt(-precision))
}

/** Python's `e`, `f` and `g` presentations; at most 100 digits. */
export function presentFloat(type: 'e' | 'f' | 'g', value: number, precision: number, keepZeros = false): string {
  if (!Number.isFinite(value)) return floatText(value)
  if (type === 'f') return fixedText(value, precision)
  const exponential = (digits: number) => value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2')
  if (type === 'e') return exponential(precision)
  const significant = Math.max(precision, 1)
  const exponent = value === 0 ? 0 : Number(value.toExponential(significant - 1).split('e')[1])
  if (exponent >= -4 && exponent < significant) return withoutZeros(fixedText(value, significant - 1 - exponent), keepZeros)
  const [mantissa = '', power = ''] = exponential(significant - 1).split('e')
  return `${withoutZeros(mantissa, keepZeros)}e${power}`
}

const withoutZeros = (text: string, keep: boolean) => (keep || !text.includes('.') ? text : text.replace(/0{1,110}$/, '').replace(/\.$/, ''))
