import { attributeOnly, itemOrAttribute } from './attributes'
import type { Engine } from './engine'
import { evaluator } from './evaluate'
import { executor } from './execute'
import { applyFilter, knownFilters } from './filters'
import { globalsFor } from './globals'
import { applyTest, knownTests } from './is-tests'
import type { Limits } from './limits'
import { output } from './output'
import { parseTemplate } from './parse-template'
import type { Piece, RenderedText } from './render-text'
import { startRun, tokensBeginningWith } from './run'
import { innerScope } from './scope'
import type { Source } from './source'
import { derived, isNative, isUndefined, NONE, tainted, typeName, type CallArguments, type Value } from './values'

/** One rendering: parse, evaluate, gather what it leaves. */
export function renderSource(source: Source, values: Readonly<Record<string, string>>, limits: Limits, tokenPrefix: string, everyBranch: boolean): RenderedText {
  const statements = parseTemplate(source, limits.depth, { filters: knownFilters, tests: knownTests })
  const engine: Engine = Object.assign(startRun(source, limits, tokenPrefix, everyBranch), {
    filter: (name: string, target: Value, args: CallArguments) => engine.deeper(() => applyFilter(engine, name, target, args)),
    test: (name: string, subject: Value, args: CallArguments) => applyTest(engine, name, subject, args),
    knows: (what: 'filter' | 'test', name: string) => (what === 'filter' ? knownFilters : knownTests).has(name),
    call: (callee: Value, args: CallArguments) => call(engine, callee, args),
    attribute: (value: Value, name: string) => attributeOnly(engine, value, name),
    item: (value: Value, key: Value) => itemOrAttribute(engine, value, key),
  })
  const given = new Map(Object.entries(values).map(([name, text]) => [name, derived(text, new Set([name]), NONE)]))
  const execute = executor(evaluator(engine, { variable: (name) => given.get(name), globals: globalsFor(engine) }))
  const out = output(engine)
  execute(statements, innerScope(null), out)
  const text = out.text()
  return { text, pieces: piecesIn(text, engine.pieces, tokenPrefix), unchosen: [...(engine.unchosen ?? [])], decisions: engine.decisions(), tokenPrefix, sourcePosition: out.sourcePosition(source) }
}

function call(engine: Engine, callee: Value, args: CallArguments): Value {
  const { data } = callee
  if (isUndefined(data)) return engine.fail(data.reason)
  if (!isNative(data) || !data.call) return engine.fail(`'${typeName(data)}' object is not callable`)
  return tainted(data.call(args), callee.from)
}

function piecesIn(text: string, pieces: ReadonlyMap<string, Piece>, tokenPrefix: string): Map<string, Piece> {
  const found = new Map<string, Piece>()
  for (const [token] of text.matchAll(tokensBeginningWith(tokenPrefix))) {
    const piece = pieces.get(token)
    if (piece) found.set(token, piece)
  }
  return found
}
