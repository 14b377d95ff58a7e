import { settled } from './captured'
import { rangeLength } from './python-repr'
import type { Run } from './run'
import { isDict, isObject, isSequence, typeName, type Data, type Value } from './values'

/** The number behind an int, float or bool, else undefined. */
export function asNumber(data: Data): bigint | number | undefined {
  if (typeof data === 'boolean') return data ? 1n : 0n
  return typeof data === 'bigint' || typeof data === 'number' ? data : undefined
}

/** Python's `==`. */
export function equal(run: Run, one: Value, other: Value): boolean {
  run.spend(1)
  const left = settled(run, one).data
  const right = settled(run, other).data
  const leftNumber = asNumber(left)
  const rightNumber = asNumber(right)
  if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber == rightNumber
  if (!isObject(left) || !isObject(right)) return left === right
  if (left.kind === 'undefined') return right.kind === 'undefined'
  if (left.kind === 'range' && right.kind === 'range') {
    const length = rangeLength(left)
    return length === rangeLength(right) && (length === 0n || (left.start === right.start && (length === 1n || left.step === right.step)))
  }
  if (isSequence(left) && isSequence(right) && left.kind === right.kind && left.kind !== 'iterator') {
    return run.deeper(() => left.items.length === right.items.length && left.items.every((item, index) => equal(run, item, right.items[index] ?? item)))
  }
  if (isDict(left) && isDict(right)) {
    return run.deeper(() => left.entries.size === right.entries.size && [...left.entries].every(([key, [, item]]) => {
      const twin = right.entries.get(key)
      return twin !== undefined && equal(run, item, twin[1])
    }))
  }
  return left === right
}

/** Below, equal or above zero as `one` is below, equal to or above `other`; raises where Python has no order. */
export function order(run: Run, one: Value, other: Value, operator = '<'): number {
  run.spend(1)
  const left = settled(run, one).data
  const right = settled(run, other).data
  const leftNumber = asNumber(left)
  const rightNumber = asNumber(right)
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber < rightNumber ? -1 : leftNumber > rightNumber ? 1 : leftNumber == rightNumber ? 0 : NaN
  }
  if (typeof left === 'string' && typeof right === 'string') return orderText(run, left, right)
  if (isSequence(left) && isSequence(right) && left.kind === right.kind && (left.kind === 'list' || left.kind === 'tuple')) {
    return run.deeper(() => {
      for (const [index, item] of left.items.entries()) {
        const twin = right.items[index]
        if (twin === undefined) return 1
        if (!equal(run, item, twin)) return order(run, item, twin, operator)
      }
      return left.items.length - right.items.length
    })
  }
  for (const data of [left, right]) if (isObject(data) && data.kind === 'undefined') run.fail(data.reason)
  return run.fail(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`)
}

/** By code points: UTF-16 units order surrogates below U+E000. */
function orderText(run: Run, left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  run.spend(length / 64)
  if (left === right) return 0
  for (let index = 0; index < length; index += 1) {
    if (left.charCodeAt(index) === right.charCodeAt(index)) continue
    const surrogates = isSurrogate(left.charCodeAt(index)) !== isSurrogate(right.charCodeAt(index))
    const difference = left.charCodeAt(index) - right.charCodeAt(index)
    return surrogates ? (isSurrogate(left.charCodeAt(index)) ? 1 : -1) : difference
  }
  return left.length - right.length
}

const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff

/** A text that is the same for keys that Python's dict takes for one; raises for what cannot be a key. */
export function keyOf(run: Run, value: Value): string {
  run.spend(1)
  const { data } = settled(run, value)
  if (typeof data === 'string') return `s${data}`
  const number = asNumber(data)
  if (number !== undefined) return `n${typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : number}`
  if (data === null) return 'none'
  if (isObject(data)) {
    if (data.kind === 'undefined') return 'undefined'
    if (data.kind === 'tuple') {
      const keys = run.deeper(() => data.items.map((item) => keyOf(run, item)))
      run.reserve(keys.reduce((length, key) => length + key.length + 8, 0))
      return `t${keys.map((key) => `${key.length}:${key}`).join('')}`
    }
    if (data.kind === 'range') return `r${data.start},${data.stop},${data.step}`
  }
  return run.fail(`unhashable type: '${typeName(data)}'`)
}
