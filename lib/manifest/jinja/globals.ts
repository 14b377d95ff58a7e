import type { Engine } from './engine'
import { pairOf } from './methods'
import { bind, integer } from './parameters'
import { asNumber } from './python-order'
import { dictOf, itemsOf } from './python-sequence'
import { constant, derived, isDict, sourcesOf, type CallArguments, type Native, type Value } from './values'

type Globals = ReadonlyMap<string, Value>

const native = (type: string, call: (args: CallArguments) => Value): Value => constant({ kind: 'native', type, call })

/** The functions that every template finds: range, dict, namespace, cycler and joiner. */
export function globalsFor(engine: Engine): Globals {
  const asPairs = ({ positional: [given], named }: CallArguments) => [
    ...(given === undefined ? [] : isDict(given.data) ? given.data.entries.values() : itemsOf(engine, given).map((item) => pairOf(engine, item))),
    ...[...named].map(([name, value]) => [constant(name), value] as const),
  ]
  return new Map([
    ['range', native('range', (args) => derived(range(engine, args), sourcesOf([...args.positional, ...args.named.values()])))],
    ['dict', native('dict', (args) => constant(dictOf(engine, asPairs(args))))],
    ['namespace', native('namespace', (args) => constant(namespace(dictOf(engine, asPairs(args)).entries.values())))],
    ['cycler', native('Cycler', ({ positional }) => constant(cycler(engine, positional)))],
    ['joiner', native('Joiner', (args) => constant(joiner(bind(engine, 'joiner', ['sep'], args)[0] ?? constant(', '))))],
    ['lipsum', native('lipsum', () => engine.fail("The function 'lipsum' is not available: a rendering must be repeatable."))],
  ])
}

function range(engine: Engine, args: CallArguments) {
  const bounds = bind(engine, 'range', ['start', 'stop', 'step'], args, 1).map((value) => {
    integer(engine, value, 0)
    const number = value && asNumber(value.data)
    return typeof number === 'bigint' ? number : engine.fail('range() takes integers')
  })
  const [first = 0n, second, step = 1n] = bounds
  if (step === 0n) engine.fail('range() arg 3 must not be zero')
  return { kind: 'range', start: second === undefined ? 0n : first, stop: second ?? first, step } as const
}

function namespace(pairs: Iterable<readonly [Value, Value]>): Native {
  const fields = new Map<string, Value>()
  for (const [key, value] of pairs) if (typeof key.data === 'string') fields.set(key.data, value)
  return {
    kind: 'native',
    type: 'Namespace',
    attribute: (name) => fields.get(name),
    assign: (name, value) => void fields.set(name, value),
  }
}

function cycler(engine: Engine, items: readonly Value[]): Native {
  if (items.length === 0) engine.fail('at least one item has to be provided')
  let place = 0
  const current = () => items[place] ?? constant(null)
  const methods = new Map<string, () => Value>([
    ['next', () => {
      const item = current()
      place = (place + 1) % items.length
      return item
    }],
    ['reset', () => {
      place = 0
      return constant(null)
    }],
  ])
  return {
    kind: 'native',
    type: 'Cycler',
    attribute(name) {
      const found = methods.get(name)
      return name === 'current' ? current() : found && native('method', found)
    },
  }
}

function joiner(separator: Value): Native {
  let used = false
  return {
    kind: 'native',
    type: 'Joiner',
    call() {
      const result = used ? separator : constant('')
      used = true
      return result
    },
  }
}
