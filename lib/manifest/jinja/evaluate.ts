import type { Arguments, Comparison, Expression, SliceNode } from './ast'
import { attributeOrItem, itemOrAttribute } from './attributes'
import { settled } from './captured'
import { concatenate } from './concatenate'
import type { Engine } from './engine'
import { calculate } from './python-arithmetic'
import { asNumber, equal, order } from './python-order'
import { isTrue, toText, truthSources } from './python-repr'
import { contains, dictOf, itemsOf, slice } from './python-sequence'
import { lookUp, type Scope } from './scope'
import {
  constant, derived, isDict, isSequence, isUndefined, list, missing, NONE, tainted, tuple, typeName, union, type CallArguments, type Sources, type Value,
} from './values'

/** Names outside all scopes: the given variables and the global functions. */
export interface Surroundings {
  variable(name: string): Value | undefined
  readonly globals: ReadonlyMap<string, Value>
}

export interface Evaluator {
  readonly engine: Engine
  evaluate(expression: Expression, scope: Scope): Value
  /** Whether a condition holds; a decision if that depends on content. */
  decide(condition: Expression, scope: Scope): boolean
  args(args: Arguments, scope: Scope): CallArguments
}

export function evaluator(engine: Engine, { variable, globals }: Surroundings): Evaluator {
  function evaluate(node: Expression, scope: Scope): Value {
    engine.spend(1)
    engine.at = node.at
    return engine.deeper(() => compute(node, scope))
  }

  function compute(node: Expression, scope: Scope): Value {
    switch (node.kind) {
      case 'constant': return constant(node.value)
      case 'name': return resolve(node.name, scope)
      case 'list': return constant(list(node.items.map((item) => evaluate(item, scope))))
      case 'tuple': return constant(tuple(node.items.map((item) => evaluate(item, scope))))
      case 'dict': {
        const pairs = node.entries.map(([key, value]) => [evaluate(key, scope), evaluate(value, scope)] as const)
        engine.at = node.at
        return constant(dictOf(engine, pairs))
      }
      case 'not': {
        const operand = evaluate(node.operand, scope)
        return derived(!isTrue(engine, operand.data), union(operand.from, truthSources(engine, operand)), truthSources(engine, operand))
      }
      case 'and':
      case 'or': {
        const left = evaluate(node.left, scope)
        if (isTrue(engine, left.data) === (node.kind === 'or')) return left
        const right = evaluate(node.right, scope)
        return { ...right, from: union(left.from, right.from), swayedBy: union(truthSources(engine, left), right.swayedBy) }
      }
      case 'conditional':
        return conditional(node, scope)
      case 'sign': {
        const operand = settled(engine, evaluate(node.operand, scope))
        engine.at = node.at
        if (isUndefined(operand.data)) engine.fail(operand.data.reason)
        const number = asNumber(operand.data) ?? engine.fail(`bad operand type for unary ${node.operator}: '${typeName(operand.data)}'`)
        return derived(node.operator === '-' ? -number : number, operand.from)
      }
      case 'arithmetic': {
        const left = evaluate(node.left, scope)
        const right = evaluate(node.right, scope)
        engine.at = node.at
        if (node.operator === '+' && isText(left) && isText(right)) return concatenate(engine, [left, right])
        const [one, other] = [settled(engine, left), settled(engine, right)]
        return derived(calculate(engine, node.operator, one, other), union(one.from, other.from, node.operator === '%' ? toText(engine, other).from : NONE))
      }
      case 'concat': {
        const parts = node.parts.map((part) => evaluate(part, scope))
        engine.at = node.at
        return concatenate(engine, parts)
      }
      case 'compare': return compareAll(node.first, node.rest, scope, node.at)
      case 'attribute': {
        const target = evaluate(node.target, scope)
        engine.at = node.at
        return attributeOrItem(engine, target, node.name)
      }
      case 'item': return item(evaluate(node.target, scope), node.key, scope, node.at)
      case 'slice': return engine.fail('a slice stands alone')
      case 'call': {
        const callee = evaluate(node.callee, scope)
        const given = args(node.args, scope)
        engine.at = node.at
        return engine.call(callee, given)
      }
      case 'filter': {
        const target = node.target ? evaluate(node.target, scope) : constant('')
        const given = args(node.args, scope)
        engine.at = node.at
        return engine.filter(node.name, target, given)
      }
      case 'test': {
        const subject = evaluate(node.subject, scope)
        const given = args(node.args, scope)
        engine.at = node.at
        return engine.test(node.name, subject, given)
      }
    }
  }

  const resolve = (name: string, scope: Scope): Value =>
    lookUp(scope, name) ?? variable(name) ?? globals.get(name) ?? derived(missing(`'${name}' is undefined`), new Set([name]), NONE)

  function item(target: Value, key: Expression, scope: Scope, at: number): Value {
    if (key.kind !== 'slice') {
      const keyValue = evaluate(key, scope)
      engine.at = at
      return itemOrAttribute(engine, target, keyValue)
    }
    if (isUndefined(target.data)) engine.fail(target.data.reason)
    const bounds = boundsOf(key, scope)
    engine.at = at
    return slice(engine, target, bounds) ?? derived(missing(`'${typeName(target.data)} object' cannot be sliced`), target.from)
  }

  function conditional({ test, then, otherwise }: Extract<Expression, { kind: 'conditional' }>, scope: Scope): Value {
    const holds = decide(test, scope)
    const [taken, left] = holds ? [then, otherwise] : [otherwise, then]
    const value = taken ? evaluate(taken, scope) : constant(missing('the inline if-expression evaluated to false and no else section was defined.'))
    if (!engine.unchosen || !left || engine.attempt(() => evaluate(test, scope))?.from.size === 0) return value
    return tainted(value, engine.attempt(() => toText(engine, evaluate(left, scope)))?.from ?? NONE)
  }

  function boundsOf({ start, stop, step }: SliceNode, scope: Scope): [Value | null, Value | null, Value | null] {
    const bound = (node: Expression | null) => node && settled(engine, evaluate(node, scope))
    return [bound(start), bound(stop), bound(step)]
  }

  function compareAll(first: Expression, rest: readonly { operator: Comparison; operand: Expression }[], scope: Scope, at: number): Value {
    let left = settled(engine, evaluate(first, scope))
    let from: Sources = NONE
    let swayedBy: Sources = NONE
    for (const { operator, operand } of rest) {
      const right = settled(engine, evaluate(operand, scope))
      engine.at = at
      from = union(from, insideSources(engine, left), insideSources(engine, right))
      swayedBy = union(swayedBy, asksPresence(operator, left, right) ? union(left.swayedBy, right.swayedBy) : union(insideSources(engine, left), insideSources(engine, right)))
      if (!holds(engine, operator, left, right)) return derived(false, from, swayedBy)
      left = right
    }
    return derived(true, from, swayedBy)
  }

  function decide(condition: Expression, scope: Scope): boolean {
    const value = evaluate(condition, scope)
    engine.at = condition.at
    engine.decide(truthSources(engine, value))
    return isTrue(engine, value.data)
  }

  function args({ positional, named, spread, spreadNamed }: Arguments, scope: Scope): CallArguments {
    const values = positional.map((node) => evaluate(node, scope))
    const names = new Map(named.map(({ name, value }) => [name, evaluate(value, scope)]))
    if (spread) values.push(...itemsOf(engine, evaluate(spread, scope)))
    if (spreadNamed) {
      const more = evaluate(spreadNamed, scope)
      if (!isDict(more.data)) return engine.fail('argument after ** must be a mapping')
      for (const [key, value] of more.data.entries.values()) {
        if (typeof key.data !== 'string') return engine.fail('keywords must be strings')
        names.set(key.data, tainted(value, more.from))
      }
    }
    return { positional: values, named: names }
  }

  return { engine, evaluate, decide, args }
}

const isText = ({ data }: Value) => typeof data === 'string' || (typeof data === 'object' && data !== null && data.kind === 'captured')

/** All that a comparison sees of a value: for a collection, its items too. */
function insideSources(engine: Engine, value: Value): Sources {
  const { data, from } = value
  return typeof data === 'object' && data !== null && data.kind !== 'iterator' ? union(from, toText(engine, value).from) : from
}

/** Whether comparing with this constant asks no more than whether the other side is there or true: `x == ''`, `x | length > 0`, `x not in ['', none]`. */
function asksPresence(operator: Comparison, left: Value, right: Value): boolean {
  if (left.from.size > 0 && right.from.size > 0) return false
  if (operator === 'in' || operator === 'not in') return isSequence(right.data) && right.data.items.every((item) => item.from.size === 0 && asksPresence('==', left, item))
  const [value, fixed, seen] = right.from.size === 0 ? [left, right.data, operator] : [right, left.data, MIRRORED[operator] ?? operator]
  if (fixed === null) return seen === '==' || seen === '!='
  if (fixed === '') return typeof value.data !== 'bigint' && (seen === '==' || seen === '!=')
  if (typeof value.data !== 'bigint') return false
  if (fixed === 0n) return seen === '==' || seen === '!=' || seen === '>' || seen === '<='
  return fixed === 1n && (seen === '>=' || seen === '<')
}

const MIRRORED: Readonly<Partial<Record<Comparison, Comparison>>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

function holds(engine: Engine, operator: Comparison, left: Value, right: Value): boolean {
  switch (operator) {
    case '==': return equal(engine, left, right)
    case '!=': return !equal(engine, left, right)
    case '<': return order(engine, left, right, '<') < 0
    case '<=': return order(engine, left, right, '<=') <= 0
    case '>': return order(engine, left, right, '>') > 0
    case '>=': return order(engine, left, right, '>=') >= 0
    case 'in': return contains(engine, right, left)
    case 'not in': return !contains(engine, right, left)
  }
}
