import { settled } from './captured'
import type { Engine } from './engine'
import { bind, type Bound } from './parameters'
import { calculate } from './python-arithmetic'
import { isAllCase } from './python-case'
import { asNumber, equal, order } from './python-order'
import { toText } from './python-repr'
import { contains } from './python-sequence'
import {
  constant, derived, isDict, isNative, isObject, isSequence, isUndefined, NONE, sourcesOf, union, type CallArguments, type Data, type Value,
} from './values'

interface Test {
  readonly parameters: readonly string[]
  /** Settled by what kind of value it is, so no more than its presence counts. */
  readonly byKind?: true
  holds(engine: Engine, subject: Value, bound: Bound): boolean
}

const kind = (holds: (data: Data) => boolean): Test => ({ parameters: [], byKind: true, holds: (_, { data }) => holds(data) })
/** One comparison under all its names. */
const comparison = (names: readonly string[], holds: (engine: Engine, one: Value, other: Value) => boolean) =>
  names.map((name): [string, Test] => [name, { parameters: ['other'], holds: (engine, subject, [other]) => holds(engine, subject, other ?? constant(null)) }])

const remainder = (engine: Engine, subject: Value, by: Value) => asNumber(calculate(engine, '%', subject, by))

const TESTS = new Map<string, Test>([
  ['defined', kind((data) => !isUndefined(data))],
  ['undefined', kind(isUndefined)],
  ['none', kind((data) => data === null)],
  ['boolean', kind((data) => typeof data === 'boolean')],
  ['integer', kind((data) => typeof data === 'bigint')],
  ['float', kind((data) => typeof data === 'number')],
  ['number', kind((data) => asNumber(data) !== undefined)],
  ['string', kind((data) => typeof data === 'string')],
  ['mapping', kind(isDict)],
  ['sequence', kind((data) => typeof data === 'string' || (isObject(data) && ['undefined', 'list', 'tuple', 'dict', 'range'].includes(data.kind)))],
  ['iterable', kind((data) => typeof data === 'string' || isSequence(data) || (isObject(data) && ['undefined', 'dict', 'range'].includes(data.kind)))],
  ['callable', kind((data) => isUndefined(data) || (isNative(data) && data.call !== undefined))],
  ['true', { parameters: [], holds: (_, { data }) => data === true }],
  ['false', { parameters: [], holds: (_, { data }) => data === false }],
  ['escaped', { parameters: [], holds: (_, { safe }) => safe === true }],
  ['odd', { parameters: [], holds: (engine, subject) => remainder(engine, subject, constant(2n)) == 1 }],
  ['even', { parameters: [], holds: (engine, subject) => remainder(engine, subject, constant(2n)) == 0 }],
  ['divisibleby', { parameters: ['num'], holds: (engine, subject, [by]) => remainder(engine, subject, by ?? constant(null)) == 0 }],
  ['lower', { parameters: [], holds: (engine, subject) => isAllCase(toText(engine, subject).text, 'lower') }],
  ['upper', { parameters: [], holds: (engine, subject) => isAllCase(toText(engine, subject).text, 'upper') }],
  ['in', { parameters: ['seq'], holds: (engine, subject, [container]) => contains(engine, container ?? constant(null), subject) }],
  ['sameas', { parameters: ['other'], holds: (_, subject, [other]) => subject.data === other?.data }],
  ['filter', { parameters: [], holds: (engine, subject) => engine.knows('filter', toText(engine, subject).text) }],
  ['test', { parameters: [], holds: (engine, subject) => engine.knows('test', toText(engine, subject).text) }],
  ...comparison(['==', 'eq', 'equalto'], equal),
  ...comparison(['!=', 'ne'], (engine, one, other) => !equal(engine, one, other)),
  ...comparison(['<', 'lt', 'lessthan'], (engine, one, other) => order(engine, one, other, '<') < 0),
  ...comparison(['<=', 'le'], (engine, one, other) => order(engine, one, other, '<=') <= 0),
  ...comparison(['>', 'gt', 'greaterthan'], (engine, one, other) => order(engine, one, other, '>') > 0),
  ...comparison(['>=', 'ge'], (engine, one, other) => order(engine, one, other, '>=') >= 0),
])

export const knownTests = { has: (name: string): boolean => TESTS.has(name) }

/** `subject is name(args)` as a boolean value with its provenance. */
export function applyTest(engine: Engine, name: string, subjectValue: Value, args: CallArguments): Value {
  const test = TESTS.get(name) ?? engine.fail(`No test named '${name}'.`)
  const subject = settled(engine, subjectValue)
  const given: CallArguments = {
    positional: args.positional.map((value) => settled(engine, value)),
    named: new Map([...args.named].map(([key, value]) => [key, settled(engine, value)])),
  }
  const bound = bind(engine, name, test.parameters, given, test.parameters.length)
  const from = union(subject.from, sourcesOf([...given.positional, ...given.named.values()]), deepSources(test, subject))
  return derived(test.holds(engine, subject, bound), from, test.byKind ? subject.swayedBy : from)
}

/** What a look inside a collection may reveal. */
function deepSources(test: Test, { data }: Value) {
  if (test.byKind || !isObject(data)) return NONE
  if (isSequence(data)) return sourcesOf(data.items)
  return isDict(data) ? sourcesOf([...data.entries.values()].flat()) : NONE
}
