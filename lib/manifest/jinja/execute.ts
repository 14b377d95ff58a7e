import type { ForNode, MacroNode, Statement, Target } from './ast'
import { captured, expand, partsOf } from './captured'
import type { Evaluator } from './evaluate'
import { loopOver } from './loop'
import { macroFrom } from './macro'
import { output, type Output } from './output'
import { isTrue, toText } from './python-repr'
import { itemsOf } from './python-sequence'
import { innerScope, lookUp, type Scope } from './scope'
import { constant, isCaptured, isNative, type Value } from './values'
import type { Expression } from './ast'

/** Runs statements, writing what they print to an output. */
export function executor(evaluator: Evaluator): (statements: readonly Statement[], scope: Scope, out: Output) => void {
  const { engine, evaluate, decide } = evaluator

  function run(statements: readonly Statement[], scope: Scope, out: Output): void {
    for (const statement of statements) {
      engine.spend(1)
      engine.at = statement.at
      engine.deeper(() => execute(statement, scope, out))
    }
  }

  /** What statements write, as a value that keeps its tokens. */
  function capture(statements: readonly Statement[], scope: Scope): Value {
    const inner = output(engine)
    run(statements, scope, inner)
    return captured(engine, inner.text())
  }

  function execute(statement: Statement, scope: Scope, out: Output): void {
    switch (statement.kind) {
      case 'text': return out.write(statement.text, statement.at, statement.text.length, true)
      case 'print': return print(evaluate(statement.value, scope), statement.at, out)
      case 'if': {
        const branch = statement.branches.find(({ test }) => decide(test, scope))
        run(branch ? branch.body : statement.otherwise, scope, out)
        return glance(statement, branch?.body ?? statement.otherwise, scope)
      }
      case 'for': return loop(statement, evaluate(statement.iterable, scope), scope, out, 0)
      case 'set': return assign(statement.target, evaluate(statement.value, scope), scope)
      case 'set-block': {
        const text = capture(statement.body, innerScope(scope))
        return assign(statement.target, statement.filter ? filtered(statement.filter, text, scope) : text, scope)
      }
      case 'with': {
        const inner = innerScope(scope)
        const values = statement.bindings.map(({ target, value }) => ({ target, value: evaluate(value, scope) }))
        for (const { target, value } of values) assign(target, value, inner)
        return run(statement.body, inner, out)
      }
      case 'block': return run(statement.body, innerScope(outermost(scope)), out)
      case 'autoescape':
        if (isTrue(engine, evaluate(statement.enabled, scope).data)) engine.fail('Escaping for HTML is not available in a manifest.')
        return run(statement.body, innerScope(scope), out)
      case 'macro': return void scope.names.set(statement.name, macro(statement, scope))
      case 'call-block': {
        const callee = evaluate(statement.call.callee, scope)
        const given = evaluator.args(statement.call.args, scope)
        engine.at = statement.at
        const named = new Map([...given.named, ['caller', macro(statement.macro, scope)] as const])
        return print(engine.call(callee, { positional: given.positional, named }), statement.at, out)
      }
      case 'filter-block': return print(filtered(statement.filter, capture(statement.body, innerScope(scope)), scope), statement.at, out)
    }
  }

  /** Runs the branches that were not taken, apart, for what they would print of variables; those that the author switched off are left. */
  function glance({ branches, otherwise }: Extract<Statement, { kind: 'if' }>, taken: readonly Statement[], scope: Scope): void {
    if (!engine.unchosen || !branches.some(({ test }) => dependsOnVariables(test, scope))) return
    for (const body of [...branches.map((branch) => branch.body), otherwise]) {
      if (body === taken) continue
      const apart = output(engine)
      engine.attempt(() => run(body, innerScope(scope), apart))
      for (const part of partsOf(engine, apart.text())) if (typeof part !== 'string') engine.unchosen.add(part)
    }
  }

  const dependsOnVariables = (test: Expression, scope: Scope): boolean => (engine.attempt(() => evaluate(test, scope))?.from.size ?? 0) > 0

  const macro = (node: MacroNode, scope: Scope): Value =>
    constant(macroFrom(node, evaluator, scope, (inner) => capture(node.body, inner)))

  /** Text of the author goes out as it is; anything that derives from a variable as one token. */
  function print(value: Value, at: number, out: Output): void {
    engine.at = at
    if (isCaptured(value.data) && value.from.size === 0) {
      return out.write(value.data.text, at, expand(engine, value.data.text).text.length, false)
    }
    const { text, from } = toText(engine, value)
    // A boolean says no more than what settles whether it is true.
    const tells = typeof value.data === 'boolean' ? value.swayedBy : from
    out.write(from.size === 0 ? text : engine.mint(text, from, tells), at, text.length, false)
  }

  function filtered(filter: Expression, text: Value, scope: Scope): Value {
    if (filter.kind !== 'filter') return text
    const target = filter.target ? filtered(filter.target, text, scope) : text
    const given = evaluator.args(filter.args, scope)
    engine.at = filter.at
    return engine.filter(filter.name, target, given)
  }

  function loop(node: ForNode, iterable: Value, scope: Scope, out: Output, depth: number): void {
    engine.at = node.iterable.at
    engine.decide(iterable.from)
    const items = itemsOf(engine, iterable).filter((item) => {
      if (!node.condition) return true
      const inner = innerScope(scope)
      assign(node.target, item, inner)
      return decide(node.condition, inner)
    })
    const recurse = node.recursive
      ? (again: Value) => {
          const inner = output(engine)
          engine.deeper(() => loop(node, again, scope, inner, depth + 1))
          return captured(engine, inner.text())
        }
      : null
    const current = loopOver(engine, items, { from: iterable.from, depth, recurse })
    for (const [index, item] of items.entries()) {
      engine.spend(1)
      current.turn(index)
      const inner = innerScope(scope)
      inner.names.set('loop', constant(current.object))
      assign(node.target, item, inner)
      run(node.body, inner, out)
    }
    if (items.length === 0) run(node.otherwise, innerScope(scope), out)
  }

  function assign(target: Target, value: Value, scope: Scope): void {
    engine.at = target.at
    if (target.kind === 'name') scope.names.set(target.name, value)
    else if (target.kind === 'field') {
      const object = lookUp(scope, target.object)?.data
      if (object === undefined || !isNative(object) || !object.assign) return engine.fail('cannot assign attribute on non-namespace object')
      object.assign(target.name, value)
    } else {
      const items = itemsOf(engine, value)
      if (items.length !== target.items.length) engine.fail(`cannot unpack ${items.length} values into ${target.items.length}`)
      for (const [index, inner] of target.items.entries()) assign(inner, items[index] ?? constant(null), scope)
    }
  }

  return run
}

function outermost(scope: Scope): Scope {
  let current = scope
  while (current.outer) current = current.outer
  return current
}
