import type { Engine } from './engine'
import type { Bound } from './parameters'
import { toText } from './python-repr'
import { derived, type CallArguments, type Data, type Value } from './values'

export interface Filter {
  /** Names of the arguments after the value itself; without, any are taken. */
  readonly parameters?: readonly string[]
  /** How many of them must be given. */
  readonly required?: number
  apply(engine: Engine, target: Value, bound: Bound, args: CallArguments): Value
  /** Captured text arrives as it is, with its tokens; else it is settled first. */
  readonly structured?: true
  /** The filter itself says what its result derives from; else: from the target and all arguments. */
  readonly precise?: true
}

export type FilterTable = Readonly<Record<string, Filter>>

/** A filter that reads its target as text, whatever it is. */
export const textFilter = (
  parameters: readonly string[],
  apply: (engine: Engine, text: string, bound: Bound) => Data,
  required = 0,
): Filter => ({
  parameters,
  required,
  apply(engine, target, bound) {
    const { text, from } = toText(engine, target)
    engine.spend(text.length / 32)
    return derived(apply(engine, text, bound), from)
  },
})

/** A filter whose result is new data; what it derives from is settled around it. */
export const plainFilter = (
  parameters: readonly string[],
  apply: (engine: Engine, target: Value, bound: Bound) => Data,
  required = 0,
): Filter => ({ parameters, required, apply: (engine, target, bound) => derived(apply(engine, target, bound), target.from) })
