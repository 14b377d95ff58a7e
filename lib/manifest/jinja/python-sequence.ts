import { settled } from './captured'
import { equal, keyOf, asNumber } from './python-order'
import { rangeLength } from './python-repr'
import type { Run } from './run'
import {
  derived, isCaptured, isNative, isObject, NONE, sourcesOf, tainted, typeName, union, type Data, type Dict, type Sources, type Value,
} from './values'

const SURROGATE = /[\ud800-\udfff]/

/** The code points of a text, which is what Python counts and indexes. */
export const characters = (text: string): string[] => (SURROGATE.test(text) ? Array.from(text) : text.split(''))

export const characterCount = (text: string): number => (SURROGATE.test(text) ? Array.from(text).length : text.length)

/** What a loop over the value goes through; every item also derives from what the value derives from. */
export function itemsOf(run: Run, value: Value): Value[] {
  const { data, from } = settled(run, value)
  const share = (items: readonly Value[]) => {
    run.spend(items.length)
    return from.size === 0 ? [...items] : items.map((item) => tainted(item, from))
  }
  if (typeof data === 'string') {
    run.spend(data.length)
    return characters(data).map((character) => derived(character, from))
  }
  if (isObject(data)) {
    switch (data.kind) {
      case 'undefined': return []
      case 'list':
      case 'tuple':
      case 'view': return share(data.items)
      case 'iterator': {
        const { items } = data
        data.items = []
        return share(items)
      }
      case 'dict': return share([...data.entries.values()].map(([key]) => key))
      case 'range': {
        const length = rangeLength(data)
        run.spend(Number(length))
        return Array.from({ length: Number(length) }, (_, index) => derived(data.start + BigInt(index) * data.step, from))
      }
      case 'captured':
      case 'native': break
    }
  }
  return run.fail(`'${typeName(data)}' object is not iterable`)
}

/** Python's `len()`. */
export function lengthOf(run: Run, value: Value): bigint {
  const { data } = settled(run, value)
  if (typeof data === 'string') {
    run.spend(data.length / 64)
    return BigInt(characterCount(data))
  }
  if (isObject(data)) {
    switch (data.kind) {
      case 'undefined': return 0n
      case 'list':
      case 'tuple':
      case 'view': return BigInt(data.items.length)
      case 'dict': return BigInt(data.entries.size)
      case 'range': return rangeLength(data)
      case 'captured':
      case 'iterator':
      case 'native': break
    }
  }
  return run.fail(`object of type '${typeName(data)}' has no len()`)
}

/** The variables that the keys derive from: which key is there may depend on them. */
export const keySources = (dict: Dict): Sources => sourcesOf([...dict.entries.values()].map(([key]) => key))

/** `container[key]` for items only (attributes are another matter); undefined when there is none. */
export function itemAt(run: Run, container: Value, keyValue: Value): Value | undefined {
  const { data, from } = settled(run, container)
  const key = settled(run, keyValue)
  const sources = union(from, key.from)
  run.decide(key.from)
  if (!isObject(data) && typeof data !== 'string') return undefined
  if (isObject(data) && data.kind === 'dict') {
    if (isObject(key.data) && (key.data.kind === 'list' || key.data.kind === 'dict')) return undefined
    const found = data.entries.get(keyOf(run, key))?.[1]
    return found && tainted(found, union(sources, keySources(data)))
  }
  const index = asNumber(key.data)
  if (typeof index !== 'bigint') return undefined
  if (typeof data === 'string') {
    run.spend(data.length / 64)
    const all = characters(data)
    const character = all[absolute(index, all.length)]
    return character === undefined ? undefined : derived(character, sources)
  }
  if (data.kind === 'list' || data.kind === 'tuple') {
    const found = data.items[absolute(index, data.items.length)]
    return found && tainted(found, sources)
  }
  if (data.kind === 'range') {
    const length = rangeLength(data)
    const place = index < 0n ? index + length : index
    return place >= 0n && place < length ? derived(data.start + place * data.step, sources) : undefined
  }
  return undefined
}

const absolute = (index: bigint, length: number): number => Number(index < 0n ? index + BigInt(length) : index)

/** `container[start:stop:step]`; undefined for what cannot be sliced. */
export function slice(run: Run, container: Value, bounds: readonly [Value | null, Value | null, Value | null]): Value | undefined {
  const target = settled(run, container)
  const { data } = target
  const sources = union(...bounds.map((bound) => bound?.from ?? NONE))
  run.decide(sources)
  const numbers = bounds.map((bound) => (bound === null || bound.data === null ? null : asNumber(bound.data)))
  if (!numbers.every((number) => number === null || typeof number === 'bigint')) return undefined
  const [start = null, stop = null, step] = numbers
  if (step === 0n) run.fail('slice step cannot be zero')
  const pick = <Item>(items: readonly Item[]): Item[] => {
    run.spend(items.length / 16)
    const { first, last } = clamped(BigInt(items.length), start, stop, step ?? 1n)
    return indices(first, last, step ?? 1n).flatMap((index) => items.slice(index, index + 1))
  }
  const from = union(target.from, sources)
  if (typeof data === 'string') return derived(pick(characters(data)).join(''), from)
  if (!isObject(data)) return undefined
  if (data.kind === 'list' || data.kind === 'tuple') return derived({ kind: data.kind, items: pick(data.items) }, from)
  if (data.kind === 'range') {
    const { first, last } = clamped(rangeLength(data), start, stop, step ?? 1n)
    return derived({ kind: 'range', start: data.start + first * data.step, stop: data.start + last * data.step, step: data.step * (step ?? 1n) }, from)
  }
  return undefined
}

/** The bounds of a slice as Python clamps them to the length. */
function clamped(size: bigint, start: bigint | null, stop: bigint | null, step: bigint): { first: bigint; last: bigint } {
  const [lowest, highest] = step > 0n ? [0n, size] : [-1n, size - 1n]
  const clamp = (bound: bigint | null, fallback: bigint) => {
    if (bound === null) return fallback
    const place = bound < 0n ? bound + size : bound
    return place < lowest ? lowest : place > highest ? highest : place
  }
  return { first: clamp(start, step > 0n ? lowest : highest), last: clamp(stop, step > 0n ? highest : lowest) }
}

function indices(first: bigint, last: bigint, step: bigint): number[] {
  const found: number[] = []
  for (let index = first; step > 0n ? index < last : index > last; index += step) found.push(Number(index))
  return found
}

/** Python's `wanted in container`. */
export function contains(run: Run, container: Value, wantedValue: Value): boolean {
  const { data } = settled(run, container)
  const wanted = settled(run, wantedValue)
  if (typeof data === 'string') {
    if (typeof wanted.data !== 'string') return run.fail(`'in <string>' requires string as left operand, not ${typeName(wanted.data)}`)
    run.search(data, wanted.data)
    return data.includes(wanted.data)
  }
  if (isObject(data) && data.kind === 'dict') return data.entries.has(keyOf(run, wanted))
  if (isNative(data)) run.fail(`argument of type '${typeName(data)}' is not iterable`)
  return itemsOf(run, container).some((item) => equal(run, item, wanted))
}

/** Data whose items or text can be asked for with `[]`. */
export const isSubscriptable = (data: Data): boolean => typeof data === 'string' || isCaptured(data) || (isObject(data) && data.kind !== 'native')

/** A dict of these pairs; a later key replaces the value of an equal earlier one, as in Python. */
export function dictOf(run: Run, pairs: Iterable<readonly [Value, Value]>): Dict {
  const entries: Dict['entries'] = new Map()
  for (const [key, value] of pairs) {
    const name = keyOf(run, key)
    entries.set(name, [entries.get(name)?.[0] ?? settled(run, key), value])
  }
  return { kind: 'dict', entries }
}
