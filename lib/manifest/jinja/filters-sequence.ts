import { settled } from './captured'
import { concatenate } from './concatenate'
import type { Engine } from './engine'
import type { Filter, FilterTable } from './filter-kinds'
import { bind, flag, integer, strictText, text, type Bound } from './parameters'
import { calculate } from './python-arithmetic'
import { equal, keyOf, order } from './python-order'
import { isTrue } from './python-repr'
import { characters, itemsOf } from './python-sequence'
import {
  constant, derived, isDict, isObject, isUndefined, list, missing, NONE, sourcesOf, tainted, tuple, typeName, union,
  type Data, type Sources, type Value,
} from './values'

/** The value at a path such as `author.name` or `0.1`; `fallback` stands in for what is missing. */
function getter(engine: Engine, attribute: Value | undefined, fallback?: Value): (item: Value) => Value {
  if (attribute === undefined || attribute.data === null) return (item) => item
  const parts = typeof attribute.data === 'string'
    ? attribute.data.split('.').map((part) => derived(/^[0-9]+$/.test(part) ? BigInt(part) : part, attribute.from))
    : [attribute]
  return (item) => parts.reduce((value, part) => {
    const found = engine.item(value, part)
    return fallback !== undefined && fallback.data !== null && isUndefined(found.data) ? fallback : found
  }, item)
}

/** Text is compared without regard to case unless asked for. */
function folded(engine: Engine, value: Value, caseSensitive: boolean): Value {
  const { data, from } = settled(engine, value)
  if (caseSensitive || typeof data !== 'string') return settled(engine, value)
  engine.spend(data.length / 64)
  return derived(data.toLowerCase(), from)
}

interface Keyed {
  readonly item: Value
  readonly keys: readonly Value[]
}

function sorted(engine: Engine, keyed: readonly Keyed[], reverse: boolean): Keyed[] {
  const compare = (one: Keyed, other: Keyed): number => {
    for (const [index, key] of one.keys.entries()) {
      const twin = other.keys[index] ?? key
      if (!equal(engine, key, twin)) return order(engine, key, twin)
    }
    return 0
  }
  return [...keyed].sort((one, other) => (reverse ? compare(other, one) : compare(one, other)))
}

/** The name may be a value, so the error does not tell it. */
function knownName(engine: Engine, what: 'filter' | 'test', name: Value): string {
  const text = strictText(engine, name)
  return engine.knows(what, text) ? text : engine.fail(`There is no such ${what}.`)
}

const keySourcesOf = (keyed: readonly Keyed[]): Sources => union(...keyed.map(({ keys }) => sourcesOf(keys)))

function extreme(sign: 1 | -1): Filter {
  return {
    parameters: ['case_sensitive', 'attribute'],
    apply(engine, target, [caseSensitive, attribute]) {
      const get = getter(engine, attribute)
      const keyed = itemsOf(engine, target).map((item) => ({ item, keys: [folded(engine, get(item), flag(engine, caseSensitive))] }))
      const [first, ...rest] = keyed
      if (!first) return constant(missing('No aggregated item, sequence was empty.'))
      const best = rest.reduce((winner, one) => (order(engine, one.keys[0] ?? one.item, winner.keys[0] ?? winner.item) * sign > 0 ? one : winner), first)
      return tainted(best.item, keySourcesOf(keyed))
    },
  }
}

/** `select` and its kin. Which items stay depends on what the test looked at. */
function selection(keep: boolean, byAttribute: boolean): Filter {
  return {
    apply(engine, target, _, { positional, named }) {
      if (!isTrue(engine, target.data)) return constant({ kind: 'iterator', items: [] })
      if (byAttribute && positional.length === 0) engine.fail('Missing parameter for attribute name')
      const get = byAttribute ? getter(engine, positional[0]) : (item: Value) => item
      const [name, ...rest] = byAttribute ? positional.slice(1) : positional
      let sources: Sources = NONE
      const items = itemsOf(engine, target).filter((item) => {
        const subject = get(item)
        const verdict = name === undefined ? subject : engine.test(knownName(engine, 'test', name), subject, { positional: rest, named })
        sources = union(sources, verdict.from)
        return isTrue(engine, verdict.data) === keep
      })
      return derived({ kind: 'iterator', items }, sources)
    },
  }
}

const collection = (parameters: readonly string[], apply: (engine: Engine, items: Value[], bound: Bound) => Data, required = 0): Filter => ({
  parameters,
  required,
  apply: (engine, target, bound) => constant(apply(engine, itemsOf(engine, target), bound)),
})

/** A fill value of None is no fill value. */
const filler = (value: Value | undefined): Value | null => (value === undefined || value.data === null ? null : value)

function chunk(engine: Engine, items: readonly Value[], size: number, fill: Value | null): Value[] {
  const rows: Value[] = []
  let row: Value[] = []
  for (const item of items) {
    if (row.length === size) {
      rows.push(constant(list(row)))
      row = []
    }
    row.push(item)
  }
  if (row.length > 0) {
    const missingItems = Math.max(0, size - row.length)
    if (fill) engine.spend(missingItems)
    rows.push(constant(list(fill ? [...row, ...Array.from({ length: missingItems }, () => fill)] : row)))
  }
  return rows
}

function columns(engine: Engine, items: readonly Value[], count: number, fill: Value | null): Value[] {
  if (count === 0) engine.fail('integer division or modulo by zero')
  if (count < 0) return []
  engine.spend(count)
  const size = Math.floor(items.length / count)
  const longer = items.length % count
  return Array.from({ length: count }, (_, index) => {
    const start = index * size + Math.min(index, longer)
    const row = items.slice(start, start + size + (index < longer ? 1 : 0))
    return constant(list(fill && index >= longer ? [...row, fill] : row))
  })
}

export const SEQUENCE_FILTERS: FilterTable = {
  list: collection([], (_, items) => list(items)),
  batch: collection(['linecount', 'fill_with'], (engine, items, [count, fill]) => ({ kind: 'iterator', items: chunk(engine, items, integer(engine, count, 1), filler(fill)) }), 1),
  slice: collection(['slices', 'fill_with'], (engine, items, [count, fill]) => ({ kind: 'iterator', items: columns(engine, items, integer(engine, count, 1), filler(fill)) }), 1),
  first: { parameters: [], apply: (engine, target) => itemsOf(engine, target)[0] ?? constant(missing('No first item, sequence was empty.')) },
  last: {
    parameters: [],
    apply(engine, target) {
      if (isObject(target.data) && target.data.kind === 'iterator') engine.fail("'generator' object is not reversible")
      return itemsOf(engine, target).at(-1) ?? constant(missing('No last item, sequence was empty.'))
    },
  },
  reverse: {
    parameters: [],
    apply(engine, target) {
      if (typeof target.data === 'string') return derived(characters(target.data).reverse().join(''), target.from)
      return constant({ kind: 'iterator', items: itemsOf(engine, target).reverse() })
    },
  },
  join: {
    parameters: ['d', 'attribute'],
    apply(engine, target, [separator, attribute]) {
      const get = getter(engine, attribute)
      const items = itemsOf(engine, target).map(get)
      return concatenate(engine, items.flatMap((item, index) => (index === 0 ? [item] : [separator ?? constant(''), item])))
    },
  },
  sort: {
    parameters: ['reverse', 'case_sensitive', 'attribute'],
    apply(engine, target, [reverse, caseSensitive, attribute]) {
      const paths = typeof attribute?.data === 'string' ? attribute.data.split(',').map((path) => derived(path, attribute.from)) : [attribute]
      const getters = paths.map((path) => getter(engine, path))
      const keyed = itemsOf(engine, target).map((item) => ({ item, keys: getters.map((get) => folded(engine, get(item), flag(engine, caseSensitive))) }))
      return derived(list(sorted(engine, keyed, flag(engine, reverse)).map(({ item }) => item)), keySourcesOf(keyed))
    },
  },
  dictsort: {
    parameters: ['case_sensitive', 'by', 'reverse'],
    apply(engine, target, [caseSensitive, by, reverse]) {
      const position = text(engine, by, 'key')
      if (position !== 'key' && position !== 'value') engine.fail('You can only sort by either "key" or "value"')
      const keyed = pairsOf(engine, target).map(([key, value]) => ({
        item: constant(tuple([key, value])),
        keys: [folded(engine, position === 'key' ? key : value, flag(engine, caseSensitive))],
      }))
      return derived(list(sorted(engine, keyed, flag(engine, reverse)).map(({ item }) => item)), keySourcesOf(keyed))
    },
  },
  items: {
    parameters: [],
    apply(engine, target) {
      if (isUndefined(target.data)) return constant({ kind: 'iterator', items: [] })
      if (!isDict(target.data)) engine.fail('Can only get item pairs from a mapping.')
      return constant({ kind: 'iterator', items: pairsOf(engine, target).map(([key, value]) => constant(tuple([key, value]))) })
    },
  },
  unique: {
    parameters: ['case_sensitive', 'attribute'],
    apply(engine, target, [caseSensitive, attribute]) {
      const get = getter(engine, attribute)
      const seen = new Set<string>()
      let sources: Sources = NONE
      const items = itemsOf(engine, target).filter((item) => {
        const value = folded(engine, get(item), flag(engine, caseSensitive))
        sources = union(sources, value.from)
        const key = keyOf(engine, value)
        return seen.has(key) ? false : Boolean(seen.add(key))
      })
      return derived({ kind: 'iterator', items }, sources)
    },
  },
  groupby: {
    parameters: ['attribute', 'default', 'case_sensitive'],
    required: 1,
    apply(engine, target, [attribute, fallback, caseSensitive]) {
      const get = getter(engine, attribute, fallback)
      const keyed = itemsOf(engine, target).map((item) => ({ item, keys: [folded(engine, get(item), flag(engine, caseSensitive))] }))
      const groups: { key: Value; name: Value; items: Value[] }[] = []
      for (const { item, keys: [key = item] } of sorted(engine, keyed, false)) {
        const last = groups.at(-1)
        if (last && equal(engine, last.key, key)) last.items.push(item)
        else groups.push({ key, name: flag(engine, caseSensitive) ? key : get(item), items: [item] })
      }
      return derived(list(groups.map(({ name, items }) => constant({ ...tuple([name, constant(list(items))]), fields: ['grouper', 'list'] }))), keySourcesOf(keyed))
    },
  },
  min: extreme(-1),
  max: extreme(1),
  sum: {
    parameters: ['attribute', 'start'],
    apply(engine, target, [attribute, start = constant(0n)]) {
      const get = getter(engine, attribute)
      if (typeof start.data === 'string') engine.fail("sum() can't sum strings [use ''.join(seq) instead]")
      return itemsOf(engine, target).map(get).reduce((sum, item) => derived(calculate(engine, '+', sum, item), union(sum.from, item.from)), start)
    },
  },
  map: {
    apply(engine, target, _, { positional, named }) {
      if (!isTrue(engine, target.data)) return constant({ kind: 'iterator', items: [] })
      const [name, ...rest] = positional
      if (name === undefined && named.has('attribute')) {
        const [attribute, fallback] = bind(engine, 'map', ['attribute', 'default'], { positional: [], named })
        return constant({ kind: 'iterator', items: itemsOf(engine, target).map(getter(engine, attribute, fallback)) })
      }
      if (name === undefined) return engine.fail('map requires a filter argument')
      return constant({ kind: 'iterator', items: itemsOf(engine, target).map((item) => engine.filter(knownName(engine, 'filter', name), item, { positional: rest, named })) })
    },
  },
  select: selection(true, false),
  reject: selection(false, false),
  selectattr: selection(true, true),
  rejectattr: selection(false, true),
  attr: {
    parameters: ['name'],
    required: 1,
    apply(engine, target, [name]) {
      return engine.attribute(target, strictText(engine, name))
    },
  },
  random: { parameters: [], apply: (engine) => engine.fail("The filter 'random' is not available: a rendering must be repeatable.") },
}

function pairsOf(engine: Engine, target: Value): (readonly [Value, Value])[] {
  if (!isDict(target.data)) return engine.fail(`'${typeName(target.data)}' object has no attribute 'items'`)
  engine.spend(target.data.entries.size)
  return [...target.data.entries.values()].map(([key, value]) => [tainted(key, target.from), tainted(value, target.from)] as const)
}
