import { settled } from './captured'
import type { Engine } from './engine'
import { bind, type Bound } from './parameters'
import { equal, order } from './python-order'
import { dictOf, itemsOf, keySources } from './python-sequence'
import { STRING_METHODS } from './string-methods'
import {
  constant, derived, isDict, isObject, isSequence, list, NONE, sourcesOf, tainted, tuple, union,
  type CallArguments, type Dict, type Native, type Sequence, type Value,
} from './values'

/** A method of a value of type `Owner`; it may raise, read and, for lists and dicts, change its owner. */
export interface Method<Owner> {
  readonly parameters?: readonly string[]
  readonly required?: number
  apply(engine: Engine, owner: Owner, bound: Bound, args: CallArguments): Value
}

const NOTHING = constant(null)

const LIST_METHODS: Readonly<Record<string, Method<Sequence>>> = {
  append: method(['object'], 1, (engine, owner, [item]) => {
    engine.spend(1)
    owner.items.push(item ?? NOTHING)
    return NOTHING
  }),
  extend: method(['iterable'], 1, (engine, owner, [items]) => {
    owner.items = [...owner.items, ...itemsOf(engine, items ?? NOTHING)]
    engine.spend(owner.items.length / 16)
    return NOTHING
  }),
  insert: method(['index', 'object'], 2, (engine, owner, [index, item]) => {
    engine.spend(1 + owner.items.length / 64)
    if (typeof index?.data !== 'bigint') return engine.fail('an index must be an integer')
    owner.items.splice(Number(index.data), 0, item ?? NOTHING)
    return NOTHING
  }),
  pop: method(['index'], 0, (engine, owner, [index = constant(-1n)]) => {
    if (typeof index.data !== 'bigint') return engine.fail('an index must be an integer')
    engine.spend(1 + owner.items.length / 64)
    const place = Number(index.data) + (index.data < 0n ? owner.items.length : 0)
    const item = owner.items[place]
    if (item === undefined) return engine.fail('pop index out of range')
    owner.items.splice(place, 1)
    return item
  }),
  remove: method(['value'], 1, (engine, owner, [value]) => {
    const index = owner.items.findIndex((item) => equal(engine, item, value ?? NOTHING))
    if (index < 0) engine.fail('list.remove(x): x not in list')
    owner.items.splice(index, 1)
    return NOTHING
  }),
  reverse: method([], 0, (engine, owner) => {
    engine.spend(owner.items.length)
    owner.items.reverse()
    return NOTHING
  }),
  sort: method([], 0, (engine, owner) => {
    owner.items.sort((one, other) => (equal(engine, one, other) ? 0 : order(engine, one, other)))
    return NOTHING
  }),
  clear: method([], 0, (_, owner) => {
    owner.items = []
    return NOTHING
  }),
  copy: method([], 0, (engine, owner) => {
    engine.spend(owner.items.length)
    return constant(list([...owner.items]))
  }),
  index: method(['value'], 1, (engine, owner, [value]) => {
    const index = owner.items.findIndex((item) => equal(engine, item, value ?? NOTHING))
    return index < 0 ? engine.fail('the value is not in the list') : derived(BigInt(index), sourcesOf(owner.items))
  }),
  count: method(['value'], 1, (engine, owner, [value]) =>
    derived(BigInt(owner.items.filter((item) => equal(engine, item, value ?? NOTHING)).length), sourcesOf(owner.items))),
}

const TUPLE_METHODS = new Set(['index', 'count'])

const pairs = (engine: Engine, owner: Dict) => {
  engine.spend(owner.entries.size)
  return [...owner.entries.values()]
}

const view = (items: Value[]): Value => constant({ kind: 'view', items })

function lookUp(engine: Engine, owner: Dict, key: Value | undefined): { name: string; found: Value | undefined } {
  const [entry] = dictOf(engine, [[key ?? NOTHING, NOTHING]]).entries.keys()
  const found = owner.entries.get(entry ?? '')?.[1]
  return { name: entry ?? '', found: found && tainted(found, keySources(owner)) }
}

const DICT_METHODS: Readonly<Record<string, Method<Dict>>> = {
  items: method([], 0, (engine, owner) => view(pairs(engine, owner).map(([key, value]) => constant(tuple([key, value]))))),
  keys: method([], 0, (engine, owner) => view(pairs(engine, owner).map(([key]) => key))),
  values: method([], 0, (engine, owner) => view(pairs(engine, owner).map(([, value]) => value))),
  get: method(['key', 'default'], 1, (engine, owner, [key, fallback = NOTHING]) => {
    engine.decide(key?.from ?? NONE)
    return lookUp(engine, owner, key).found ?? fallback
  }),
  copy: method([], 0, (engine, owner) => constant(dictOf(engine, pairs(engine, owner)))),
  clear: method([], 0, (_, owner) => {
    owner.entries.clear()
    return NOTHING
  }),
  pop: method(['key', 'default'], 1, (engine, owner, [key, fallback]) => {
    const { name, found } = lookUp(engine, owner, key)
    owner.entries.delete(name)
    return found ?? fallback ?? engine.fail('the key is not in the dict')
  }),
  setdefault: method(['key', 'default'], 1, (engine, owner, [key = NOTHING, fallback = NOTHING]) => {
    const { name, found } = lookUp(engine, owner, key)
    if (!found) owner.entries.set(name, [key, fallback])
    return found ?? fallback
  }),
  update: {
    apply(engine, owner, _, { positional: [given], named }) {
      const incoming = given === undefined ? [] : isDict(given.data) ? pairs(engine, given.data) : itemsOf(engine, given).map((item) => pairOf(engine, item))
      const extra = [...named].map(([name, value]) => [constant(name), value] as const)
      for (const [name, entry] of dictOf(engine, [...incoming, ...extra]).entries) owner.entries.set(name, entry)
      return NOTHING
    },
  },
}

function method<Owner>(parameters: readonly string[], required: number, apply: Method<Owner>['apply']): Method<Owner> {
  return { parameters, required, apply }
}

/** A pair out of anything that holds two items. */
export function pairOf(engine: Engine, value: Value): readonly [Value, Value] {
  const [key, item, ...more] = itemsOf(engine, value)
  return key && item && more.length === 0 ? [key, item] : engine.fail('dictionary update sequence element does not have length 2')
}

/** The method `name` of a value, bound to it. Only those listed here exist; none reaches the host. */
export function methodOf(engine: Engine, value: Value, name: string): Value | undefined {
  const owner = settled(engine, value)
  const { data } = owner
  const bindTo = <Owner>(table: Readonly<Record<string, Method<Owner>>>, own: Owner): Value | undefined => {
    const found = Object.hasOwn(table, name) ? table[name] : undefined
    return found && derived(bound(engine, name, found, own, owner), owner.from)
  }
  if (typeof data === 'string') return bindTo(STRING_METHODS, data)
  if (!isObject(data)) return undefined
  if (isDict(data)) return bindTo(DICT_METHODS, data)
  if (isSequence(data) && (data.kind === 'list' || (data.kind === 'tuple' && TUPLE_METHODS.has(name)))) return bindTo(LIST_METHODS, data)
  return undefined
}

function bound<Owner>(engine: Engine, name: string, found: Method<Owner>, own: Owner, owner: Value): Native {
  return {
    kind: 'native',
    type: 'builtin_function_or_method',
    call(args) {
      const given: CallArguments = found === STRING_METHODS.join ? args : {
        positional: args.positional.map((one) => settled(engine, one)),
        named: new Map([...args.named].map(([key, one]) => [key, settled(engine, one)])),
      }
      const result = found.apply(engine, own, found.parameters ? bind(engine, `${name}()`, found.parameters, given, found.required) : [], given)
      if (typeof result.data === 'string') engine.reserve(result.data.length)
      return tainted(result, union(owner.from, sourcesOf(given.positional), sourcesOf([...given.named.values()])))
    },
  }
}

