import { toText } from './python-repr'
import { asNumber } from './python-order'
import type { Run } from './run'
import { isTrue } from './python-repr'
import { constant, isUndefined, typeName, type CallArguments, type Value } from './values'

export type Bound = readonly (Value | undefined)[]

export const positional = (...values: Value[]): CallArguments => ({ positional: values, named: new Map() })

/** Puts arguments in the order of the parameters; raises for one too many, an unknown one, or a missing one of the first `required`. */
export function bind(run: Run, callee: string, parameters: readonly string[], args: CallArguments, required = 0): Bound {
  if (args.positional.length > parameters.length) run.fail(`${callee} takes at most ${parameters.length} arguments (${args.positional.length} given)`)
  const bound: (Value | undefined)[] = [...args.positional]
  for (const [name, value] of args.named) {
    const index = parameters.indexOf(name)
    if (index < 0) run.fail(`${callee} got an unexpected keyword argument`)
    if (bound[index] !== undefined) run.fail(`${callee} got multiple values for an argument`)
    bound[index] = value
  }
  for (const [index, name] of parameters.slice(0, required).entries()) {
    if (bound[index] === undefined) run.fail(`${callee} is missing its argument '${name}'`)
  }
  return bound
}

/** An int argument as a number that is safe to count with. */
export function integer(run: Run, value: Value | undefined, fallback: number): number {
  if (value === undefined) return fallback
  const number = asNumber(value.data)
  if (isUndefined(value.data)) run.fail(value.data.reason)
  if (typeof number !== 'bigint') return run.fail(`'${typeName(value.data)}' object cannot be interpreted as an integer`)
  return Number(number > 2n ** 53n ? 2n ** 53n : number < -(2n ** 53n) ? -(2n ** 53n) : number)
}

/** The same, where None stands for no argument. */
export const integerOrNone = (run: Run, value: Value | undefined): number | null =>
  value === undefined || value.data === null ? null : integer(run, value, 0)

export const flag = (run: Run, value: Value | undefined, fallback = false): boolean => (value === undefined ? fallback : isTrue(run, value.data))

/** Any argument as text, as Python's `str()` makes it. */
export const text = (run: Run, value: Value | undefined, fallback = ''): string => (value === undefined ? fallback : toText(run, value).text)

/** An argument that has to be a str. */
export function strictText(run: Run, value: Value | undefined, fallback = ''): string {
  const { data } = value ?? constant(fallback)
  return typeof data === 'string' ? data : run.fail(`expected str, got ${typeName(data)}`)
}
