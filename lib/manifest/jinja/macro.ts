import type { MacroNode } from './ast'
import type { Evaluator } from './evaluate'
import { dictOf } from './python-sequence'
import { innerScope, type Scope } from './scope'
import { constant, missing, tuple, type Native, type Value } from './values'

/** A macro as a callable value: its parameters are bound in a scope inside the one it was written in. */
export function macroFrom(node: MacroNode, { engine, evaluate }: Evaluator, scope: Scope, run: (scope: Scope) => Value): Native {
  const { name, parameters, mentions } = node
  const takesCaller = mentions.has('caller') || parameters.some((parameter) => parameter.name === 'caller')
  const attributes = new Map<string, () => Value>([
    ['name', () => constant(name)],
    ['arguments', () => constant(tuple(parameters.map((parameter) => constant(parameter.name))))],
    ['caller', () => constant(takesCaller)],
    ['catch_kwargs', () => constant(mentions.has('kwargs'))],
    ['catch_varargs', () => constant(mentions.has('varargs'))],
  ])
  return {
    kind: 'native',
    type: 'Macro',
    attribute: (attribute) => attributes.get(attribute)?.(),
    call({ positional, named }) {
      const { at } = engine
      const inner = innerScope(scope)
      const rest = new Map(named)
      for (const [index, parameter] of parameters.entries()) {
        const given = positional[index] ?? rest.get(parameter.name)
        if (positional[index] !== undefined && rest.has(parameter.name)) engine.fail(`macro '${name}' got multiple values for argument '${parameter.name}'`)
        rest.delete(parameter.name)
        inner.names.set(parameter.name, given ?? (parameter.default ? evaluate(parameter.default, inner) : constant(missing(`parameter '${parameter.name}' was not provided`))))
      }
      engine.at = at
      if (takesCaller && !inner.names.has('caller')) inner.names.set('caller', rest.get('caller') ?? constant(missing('No caller defined')))
      if (takesCaller) rest.delete('caller')
      if (mentions.has('varargs')) inner.names.set('varargs', constant(tuple(positional.slice(parameters.length))))
      else if (positional.length > parameters.length) engine.fail(`macro '${name}' takes not more than ${parameters.length} argument(s)`)
      if (mentions.has('kwargs')) inner.names.set('kwargs', constant(dictOf(engine, [...rest].map(([key, value]) => [constant(key), value] as const))))
      else if (rest.size > 0) engine.fail(`macro '${name}' takes no such keyword argument`)
      return engine.deeper(() => run(inner))
    },
  }
}
