import type { Arithmetic } from './ast'
import { settled } from './captured'
import { formatPercent } from './percent-format'
import { asNumber } from './python-order'
import type { Run } from './run'
import { isObject, isSequence, isUndefined, list, tuple, typeName, type Data, type Value } from './values'

/** A Python operator on two settled values; raises as Python does, and before anything too large is made. */
export function calculate(run: Run, operator: Arithmetic, left: Value, right: Value): Data {
  const one = settled(run, left).data
  const other = settled(run, right).data
  if (operator === '%' && typeof one === 'string') return formatPercent(run, one, settled(run, right))
  for (const data of [one, other]) if (isUndefined(data)) run.fail(data.reason)
  const a = asNumber(one)
  const b = asNumber(other)
  if (a !== undefined && b !== undefined) return numbers(run, operator, a, b)
  if (operator === '+') {
    const sum = join(run, one, other)
    if (sum !== undefined) return sum
  }
  if (operator === '*') {
    const product = repeat(run, one, b) ?? repeat(run, other, a)
    if (product !== undefined) return product
  }
  return run.fail(`unsupported operand type(s) for ${operator}: '${typeName(one)}' and '${typeName(other)}'`)
}

function join(run: Run, one: Data, other: Data): Data | undefined {
  if (typeof one === 'string' && typeof other === 'string') {
    run.reserve(one.length + other.length)
    return one + other
  }
  if (!isObject(one) || !isObject(other) || !isSequence(one) || !isSequence(other) || one.kind !== other.kind) return undefined
  run.spend(one.items.length + other.items.length)
  const items = [...one.items, ...other.items]
  return one.kind === 'list' ? list(items) : one.kind === 'tuple' ? tuple(items) : undefined
}

function repeat(run: Run, data: Data, times: bigint | number | undefined): Data | undefined {
  if (typeof times !== 'bigint') return undefined
  const count = times < 0n ? 0 : Number(times)
  if (typeof data === 'string') {
    run.reserve(data.length * count)
    return data === '' ? '' : data.repeat(count)
  }
  if (!isObject(data) || (data.kind !== 'list' && data.kind !== 'tuple')) return undefined
  run.spend(data.items.length * count)
  const { items } = data
  return { kind: data.kind, items: items.length === 0 ? [] : Array.from({ length: count }, () => items).flat() }
}

export function numbers(run: Run, operator: Arithmetic, a: bigint | number, b: bigint | number): bigint | number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return integers(run, operator, a, b)
  return floats(run, operator, Number(a), Number(b))
}

function integers(run: Run, operator: Arithmetic, a: bigint, b: bigint): bigint | number {
  switch (operator) {
    case '+': return run.fitInteger(a + b)
    case '-': return run.fitInteger(a - b)
    case '*': return run.fitInteger(a * b)
    case '/': return b === 0n ? run.fail('division by zero') : finite(run, divide(a, b))
    case '//': return b === 0n ? run.fail('integer division or modulo by zero') : floorDivide(a, b)
    case '%': return b === 0n ? run.fail('integer division or modulo by zero') : a - floorDivide(a, b) * b
    case '**': return b < 0n ? floats(run, '**', Number(a), Number(b)) : power(run, a, b)
  }
}

/** Quotient of two ints, exact where both fit a float, and scaled down first where they do not. */
function divide(a: bigint, b: bigint): number {
  const bits = Math.max(a.toString(16).length, b.toString(16).length) * 4
  const excess = BigInt(Math.max(0, bits - 900))
  return Number(a >> excess) / Number(b >> excess === 0n ? 1n : b >> excess)
}

const finite = (run: Run, value: number): number => (Number.isFinite(value) ? value : run.fail('integer division result too large for a float'))

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function power(run: Run, base: bigint, exponent: bigint): bigint {
  const bits = (base < 0n ? -base : base).toString(2).length
  if (base !== 0n && base !== 1n && base !== -1n && BigInt(bits - 1) * exponent > 20_000n) run.exceed('makes a number that is too large')
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n
  return run.fitInteger(base === 0n || base === 1n ? (exponent === 0n ? 1n : base) : base ** exponent)
}

function floats(run: Run, operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+': return a + b
    case '-': return a - b
    case '*': return a * b
    case '/': return b === 0 ? run.fail('float division by zero') : a / b
    case '//': return b === 0 ? run.fail('float floor division by zero') : Math.floor((a - modulo(a, b)) / b + 0.25)
    case '%': return b === 0 ? run.fail('float modulo') : modulo(a, b)
    case '**': {
      if (a === 0 && b < 0) return run.fail('0.0 cannot be raised to a negative power')
      const result = a ** b
      if (Number.isNaN(result) && !Number.isNaN(a) && !Number.isNaN(b)) return run.fail('complex numbers are not supported')
      return Number.isFinite(a) && Number.isFinite(b) && !Number.isFinite(result) ? run.fail('Numerical result out of range') : result
    }
  }
}

/** The remainder with the sign of the divisor. */
function modulo(a: number, b: number): number {
  const remainder = a % b
  if (remainder === 0) return b < 0 ? -0 : 0
  return remainder < 0 !== b < 0 ? remainder + b : remainder
}
