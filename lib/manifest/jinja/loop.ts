import type { Engine } from './engine'
import { equal } from './python-order'
import { constant, derived, missing, sourcesOf, tainted, tuple, union, type CallArguments, type Native, type Sources, type Value } from './values'

/** A turn of a loop, as the template sees it under the name `loop`. */
export interface Loop {
  readonly object: Native
  /** Moves to a turn, counted from 0. */
  turn(index: number): void
}

export function loopOver(
  engine: Engine,
  items: readonly Value[],
  { from, depth, recurse }: { from: Sources; depth: number; recurse: ((items: Value) => Value) | null },
): Loop {
  let index = 0
  let lastChecked: Value | null = null
  let seen: Sources = from
  const count = (number: number) => derived(BigInt(number), from)
  const truth = (holds: boolean) => derived(holds, from)
  const neighbour = (place: number) => items[place] ?? constant(missing(place < 0 ? 'there is no previous item' : 'there is no next item'))
  const method = (call: (args: CallArguments) => Value) => constant({ kind: 'native', type: 'method', call } satisfies Native)

  const attributes = new Map<string, () => Value>([
    ['index', () => count(index + 1)],
    ['index0', () => count(index)],
    ['revindex', () => count(items.length - index)],
    ['revindex0', () => count(items.length - index - 1)],
    ['first', () => truth(index === 0)],
    ['last', () => truth(index === items.length - 1)],
    ['length', () => count(items.length)],
    ['depth', () => constant(BigInt(depth + 1))],
    ['depth0', () => constant(BigInt(depth))],
    ['previtem', () => neighbour(index - 1)],
    ['nextitem', () => neighbour(index + 1)],
    ['cycle', () => method(({ positional }) => {
      const item = positional[index % positional.length] ?? engine.fail('no items for cycling given')
      return tainted(item, from)
    })],
    ['changed', () => method(({ positional }) => {
      const current = constant(tuple([...positional]))
      const same = lastChecked !== null && equal(engine, lastChecked, current)
      lastChecked = current
      seen = union(seen, sourcesOf(positional))
      return derived(!same, union(from, seen))
    })],
  ])
  return {
    turn: (next) => {
      index = next
    },
    object: {
      kind: 'native',
      type: 'LoopContext',
      attribute: (name) => attributes.get(name)?.(),
      call({ positional: [items] }) {
        if (!recurse) return engine.fail("The loop must have the 'recursive' marker to be called recursively.")
        return recurse(items ?? engine.fail('a loop is called with what it shall go through'))
      },
    },
  }
}
