import { settled } from './captured'
import type { Engine } from './engine'
import type { Filter } from './filter-kinds'
import { ENCODE_FILTERS } from './filters-encode'
import { NUMBER_FILTERS } from './filters-number'
import { SEQUENCE_FILTERS } from './filters-sequence'
import { TEXT_FILTERS } from './filters-text'
import { bind } from './parameters'
import { sourcesOf, tainted, union, type CallArguments, type Value } from './values'

const ALIASES: Readonly<Record<string, string>> = { d: 'default', count: 'length' }

const FILTERS = new Map<string, Filter>(Object.entries({ ...TEXT_FILTERS, ...SEQUENCE_FILTERS, ...NUMBER_FILTERS, ...ENCODE_FILTERS }))

const find = (name: string): Filter | undefined => FILTERS.get(Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name)

export const knownFilters = { has: (name: string): boolean => find(name) !== undefined }

/** `target | name(args)`. The result derives from the target and the arguments, unless the filter knows better. */
export function applyFilter(engine: Engine, name: string, target: Value, args: CallArguments): Value {
  const filter = find(name) ?? engine.fail(`No filter named '${name}'.`)
  const settle = (value: Value) => (filter.structured ? value : settled(engine, value))
  const subject = settle(target)
  const given: CallArguments = {
    positional: args.positional.map(settle),
    named: new Map([...args.named].map(([key, value]) => [key, settle(value)])),
  }
  const bound = filter.parameters ? bind(engine, name, filter.parameters, given, filter.required) : []
  const result = filter.apply(engine, subject, bound, given)
  if (typeof result.data === 'string') engine.reserve(result.data.length)
  return filter.precise ? result : tainted(result, union(subject.from, sourcesOf(given.positional), sourcesOf([...given.named.values()])))
}
