/** Names of template variables. */
export type Sources = ReadonlySet<string>
export const NONE: Sources = new Set()

/**
 * A value with its provenance: `from` names the variables it derives from, `swayedBy` those whose content (not mere
 * presence) settles whether it is true.
 */
export interface Value {
  readonly data: Data
  readonly from: Sources
  readonly swayedBy: Sources
  /** Escaped or declared safe: `escape` leaves it alone. */
  readonly safe?: true
}

/** Own types throughout: nothing here lets a template reach an object of the host. `bigint` is int, `number` is float. */
export type Data = null | boolean | bigint | number | string | Captured | Undefined | Sequence | Range | Dict | Native

/** What a macro or block wrote: the author's text, with tokens where values were printed. */
export interface Captured {
  readonly kind: 'captured'
  readonly text: string
}

export interface Undefined {
  readonly kind: 'undefined'
  /** The sentence of the error that using it raises. */
  readonly reason: string
}

export interface Sequence {
  readonly kind: 'list' | 'tuple' | 'view' | 'iterator'
  /** An iterator's items are gone once read. */
  items: Value[]
  /** Names for the items of a tuple, as `groupby` gives them. */
  readonly fields?: readonly string[]
}

export interface Range {
  readonly kind: 'range'
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint
}

export interface Dict {
  readonly kind: 'dict'
  readonly entries: Map<string, readonly [key: Value, value: Value]>
}

export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

/** Something of the engine's own: a function, method, macro, loop or namespace. */
export interface Native {
  readonly kind: 'native'
  readonly type: string
  attribute?(name: string): Value | undefined
  call?(args: CallArguments): Value
  assign?(name: string, value: Value): void
}

export const constant = (data: Data): Value => ({ data, from: NONE, swayedBy: NONE })
export const derived = (data: Data, from: Sources, swayedBy: Sources = from): Value => ({ data, from, swayedBy })
export const list = (items: Value[]): Sequence => ({ kind: 'list', items })
export const tuple = (items: Value[]): Sequence => ({ kind: 'tuple', items })
export const missing = (reason: string): Undefined => ({ kind: 'undefined', reason })

export function union(...sets: readonly Sources[]): Sources {
  let result = NONE
  let own: Set<string> | null = null
  for (const set of sets) {
    if (set.size === 0 || set === result) continue
    if (result.size === 0) result = set
    else {
      own ??= new Set(result)
      for (const name of set) own.add(name)
      result = own
    }
  }
  return result
}

export const sourcesOf = (values: readonly Value[]): Sources => union(...values.map((value) => value.from))

/** The same value, derived from `extra` as well. */
export function tainted(value: Value, extra: Sources): Value {
  if (extra.size === 0 || extra === value.from) return value
  return { ...value, from: union(value.from, extra), swayedBy: union(value.swayedBy, extra) }
}

type Kind = Exclude<Extract<Data, { kind: string }>['kind'], never>

export const isObject = (data: Data): data is Extract<Data, { kind: Kind }> => typeof data === 'object' && data !== null
export const isUndefined = (data: Data): data is Undefined => isObject(data) && data.kind === 'undefined'
export const isCaptured = (data: Data): data is Captured => isObject(data) && data.kind === 'captured'
export const isDict = (data: Data): data is Dict => isObject(data) && data.kind === 'dict'
export const isSequence = (data: Data): data is Sequence =>
  isObject(data) && (data.kind === 'list' || data.kind === 'tuple' || data.kind === 'view' || data.kind === 'iterator')
export const isNative = (data: Data): data is Native => isObject(data) && data.kind === 'native'

/** The name Python gives the type. */
export function typeName(data: Data): string {
  if (data === null) return 'NoneType'
  if (typeof data === 'boolean') return 'bool'
  if (typeof data === 'bigint') return 'int'
  if (typeof data === 'number') return 'float'
  if (typeof data === 'string') return 'str'
  switch (data.kind) {
    case 'captured': return 'str'
    case 'undefined': return 'Undefined'
    case 'view': return 'dict_items'
    case 'iterator': return 'generator'
    case 'native': return data.type
    default: return data.kind
  }
}
