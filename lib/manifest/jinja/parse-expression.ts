import type { Arguments, Arithmetic, CallNode, Comparison, Expression, FilterNode, SliceNode } from './ast'
import { describe, type TokenStream } from './token-stream'

/** A filter or test that no one knows; whether that is an error already is for the statement around it to say. */
export interface Complaint {
  readonly message: string
  readonly at: number
}

export interface Grammar {
  readonly stream: TokenStream
  readonly filters: { has(name: string): boolean }
  readonly tests: { has(name: string): boolean }
  readonly complaints: Complaint[]
}

const MAX_INTEGER_DIGITS = 4300
const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: null, spreadNamed: null }
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='] satisfies Comparison[]
const CONSTANTS = new Map<string, boolean | null>([
  ['true', true], ['True', true], ['false', false], ['False', false], ['none', null], ['None', null],
])

export const isReserved = (name: string): boolean => CONSTANTS.has(name)

/** What ends a tuple that has no brackets. */
export interface TupleRules {
  readonly parse?: (grammar: Grammar) => Expression
  readonly endsAtName?: string
  readonly inParentheses?: boolean
}

/** One expression, or several with commas between them as a tuple. */
export function parseTuple(grammar: Grammar, { parse = parseExpression, endsAtName, inParentheses = false }: TupleRules = {}): Expression {
  const { stream } = grammar
  const at = stream.current.at
  const items: Expression[] = []
  const ended = () =>
    stream.is('variable_end') || stream.is('block_end') || stream.is('operator', ')') ||
    (endsAtName !== undefined && stream.is('name', endsAtName))
  let commas = false
  while (true) {
    if (items.length > 0) stream.expect('operator', ',')
    if (ended()) break
    items.push(parse(grammar))
    if (!stream.is('operator', ',')) break
    commas = true
  }
  const [only] = items
  if (!commas && only) return only
  if (!commas && !inParentheses) stream.fail(`Expected an expression, got '${describe(stream.current)}'`)
  return { kind: 'tuple', items, at }
}

export const parseExpression = (grammar: Grammar): Expression => grammar.stream.nested(() => parseConditional(grammar))

function parseConditional(grammar: Grammar): Expression {
  const { stream, complaints } = grammar
  const at = stream.current.at
  const known = complaints.length
  let expression = parseOr(grammar)
  while (stream.skip('name', 'if')) {
    const test = parseOr(grammar)
    const otherwise = stream.skip('name', 'else') ? parseExpression(grammar) : null
    expression = { kind: 'conditional', test, then: expression, otherwise, at }
    complaints.length = known
  }
  return expression
}

export function parseOr(grammar: Grammar): Expression {
  let left = parseAnd(grammar)
  while (grammar.stream.skip('name', 'or')) left = { kind: 'or', left, right: parseAnd(grammar), at: left.at }
  return left
}

function parseAnd(grammar: Grammar): Expression {
  let left = parseNot(grammar)
  while (grammar.stream.skip('name', 'and')) left = { kind: 'and', left, right: parseNot(grammar), at: left.at }
  return left
}

function parseNot(grammar: Grammar): Expression {
  const { stream } = grammar
  const at = stream.current.at
  if (!stream.skip('name', 'not')) return parseComparison(grammar)
  return { kind: 'not', operand: stream.nested(() => parseNot(grammar)), at }
}

function parseComparison(grammar: Grammar): Expression {
  const first = parseSum(grammar)
  const rest: { operator: Comparison; operand: Expression }[] = []
  for (let operator = takeComparison(grammar.stream); operator; operator = takeComparison(grammar.stream)) {
    rest.push({ operator, operand: parseSum(grammar) })
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, at: first.at }
}

function takeComparison(stream: TokenStream): Comparison | null {
  if (stream.current.type === 'operator' && COMPARISONS.includes(stream.current.text)) return stream.next().text as Comparison
  if (stream.skip('name', 'in')) return 'in'
  if (stream.is('name', 'not') && stream.look().type === 'name' && stream.look().text === 'in') {
    stream.next()
    stream.next()
    return 'not in'
  }
  return null
}

type Level = (grammar: Grammar) => Expression

const leftToRight = (operators: readonly Arithmetic[], next: Level): Level => (grammar) => {
  let left = next(grammar)
  for (let operator = takeOperator(grammar.stream, operators); operator; operator = takeOperator(grammar.stream, operators)) {
    left = { kind: 'arithmetic', operator, left, right: next(grammar), at: left.at }
  }
  return left
}

function takeOperator(stream: TokenStream, operators: readonly Arithmetic[]): Arithmetic | undefined {
  const found = operators.find((operator) => stream.is('operator', operator))
  if (found !== undefined) stream.next()
  return found
}

const parsePower = leftToRight(['**'], (grammar) => parseSigned(grammar, true))
const parseProduct = leftToRight(['*', '/', '//', '%'], parsePower)
const parseSum = leftToRight(['+', '-'], parseConcat)

function parseConcat(grammar: Grammar): Expression {
  const first = parseProduct(grammar)
  if (!grammar.stream.is('operator', '~')) return first
  const parts = [first]
  while (grammar.stream.skip('operator', '~')) parts.push(parseProduct(grammar))
  return { kind: 'concat', parts, at: first.at }
}

function parseSigned(grammar: Grammar, withFilters: boolean): Expression {
  const { stream } = grammar
  const at = stream.current.at
  const operator = stream.is('operator', '-') ? '-' : stream.is('operator', '+') ? '+' : null
  let expression: Expression
  if (operator === null) expression = parsePrimary(grammar)
  else {
    stream.next()
    expression = { kind: 'sign', operator, operand: stream.nested(() => parseSigned(grammar, false)), at }
  }
  expression = parsePostfix(grammar, expression)
  return withFilters ? parseFiltersAndTests(grammar, expression) : expression
}

export function parsePrimary(grammar: Grammar): Expression {
  const { stream } = grammar
  const token = stream.current
  const { at } = token
  if (token.type === 'name') {
    stream.next()
    const constant = CONSTANTS.get(token.text)
    return constant === undefined ? { kind: 'name', name: token.text, at } : { kind: 'constant', value: constant, at }
  }
  if (token.type === 'string') {
    const parts: string[] = []
    while (stream.is('string')) parts.push(stream.next().text)
    return { kind: 'constant', value: parts.join(''), at }
  }
  if (token.type === 'integer' || token.type === 'float') return { kind: 'constant', value: readNumber(stream), at }
  if (stream.skip('operator', '(')) {
    const inside = stream.nested(() => parseTuple(grammar, { inParentheses: true }))
    stream.expect('operator', ')')
    return inside
  }
  if (stream.skip('operator', '[')) {
    return { kind: 'list', items: parseUntil(grammar, ']', () => parseExpression(grammar)), at }
  }
  if (stream.skip('operator', '{')) {
    const entries = parseUntil(grammar, '}', () => {
      const key = parseExpression(grammar)
      stream.expect('operator', ':')
      return [key, parseExpression(grammar)] as const
    })
    return { kind: 'dict', entries, at }
  }
  return stream.fail(`unexpected '${describe(token)}'`)
}

function readNumber(stream: TokenStream): bigint | number {
  const { type, text, at } = stream.next()
  if (type === 'float') return Number(text)
  if (text.length > MAX_INTEGER_DIGITS) stream.fail('The number is too long.', at)
  return BigInt(text)
}

/** Items with commas between them, one more at the end allowed, up to and with the closing bracket. */
function parseUntil<Item>(grammar: Grammar, closer: string, parse: () => Item): Item[] {
  const { stream } = grammar
  const items: Item[] = []
  while (!stream.is('operator', closer)) {
    if (items.length > 0) stream.expect('operator', ',')
    if (stream.is('operator', closer)) break
    items.push(parse())
  }
  stream.next()
  return items
}

function parsePostfix(grammar: Grammar, start: Expression): Expression {
  const { stream } = grammar
  let expression = start
  while (true) {
    if (stream.is('operator', '.')) expression = parseAttribute(grammar, expression)
    else if (stream.is('operator', '[')) expression = parseItem(grammar, expression)
    else if (stream.is('operator', '(')) expression = parseCall(grammar, expression)
    else return expression
  }
}

function parseFiltersAndTests(grammar: Grammar, start: Expression): Expression {
  const { stream } = grammar
  let expression = start
  while (true) {
    if (stream.skip('operator', '|')) expression = parseFilter(grammar, expression)
    else if (stream.is('name', 'is')) expression = parseTest(grammar, expression)
    else if (stream.is('operator', '(')) expression = parseCall(grammar, expression)
    else return expression
  }
}

function parseAttribute(grammar: Grammar, target: Expression): Expression {
  const { stream } = grammar
  const { at } = stream.next()
  const token = stream.current
  if (token.type === 'name') return { kind: 'attribute', target, name: stream.next().text, at }
  if (token.type !== 'integer') stream.fail('expected name or number')
  return { kind: 'item', target, key: { kind: 'constant', value: readNumber(stream), at: token.at }, at }
}

function parseItem(grammar: Grammar, target: Expression): Expression {
  const { stream } = grammar
  const { at } = stream.next()
  const keys: Expression[] = []
  while (!stream.is('operator', ']')) {
    if (keys.length > 0) stream.expect('operator', ',')
    keys.push(parseKey(grammar))
  }
  stream.next()
  const [only] = keys
  return { kind: 'item', target, key: keys.length === 1 && only ? only : { kind: 'tuple', items: keys, at }, at }
}

function parseKey(grammar: Grammar): Expression {
  const { stream } = grammar
  const at = stream.current.at
  const bound = () => (stream.is('operator', ']') || stream.is('operator', ',') || stream.is('operator', ':') ? null : parseExpression(grammar))
  const start = bound()
  if (start && !stream.is('operator', ':')) return start
  stream.expect('operator', ':')
  const stop = bound()
  const step = stream.skip('operator', ':') ? bound() : null
  return { kind: 'slice', start, stop, step, at } satisfies SliceNode
}

export function parseCall(grammar: Grammar, callee: Expression): CallNode {
  return { kind: 'call', callee, at: grammar.stream.current.at, args: parseArguments(grammar) }
}

function parseArguments(grammar: Grammar): Arguments {
  const { stream } = grammar
  const { at } = stream.expect('operator', '(')
  const positional: Expression[] = []
  const named: { name: string; value: Expression }[] = []
  let spread: Expression | null = null
  let spreadNamed: Expression | null = null
  const ensure = (fine: boolean) => {
    if (!fine) stream.fail('invalid syntax for function call expression', at)
  }
  for (let first = true; !stream.is('operator', ')'); first = false) {
    if (!first) stream.expect('operator', ',')
    if (stream.is('operator', ')')) break
    if (stream.skip('operator', '*')) {
      ensure(spread === null && spreadNamed === null)
      spread = parseExpression(grammar)
    } else if (stream.skip('operator', '**')) {
      ensure(spreadNamed === null)
      spreadNamed = parseExpression(grammar)
    } else if (stream.is('name') && stream.look().type === 'operator' && stream.look().text === '=') {
      ensure(spreadNamed === null)
      const name = stream.next().text
      stream.next()
      named.push({ name, value: parseExpression(grammar) })
    } else {
      ensure(spread === null && spreadNamed === null && named.length === 0)
      positional.push(parseExpression(grammar))
    }
  }
  stream.next()
  return { positional, named, spread, spreadNamed }
}

function parseDottedName(stream: TokenStream): string {
  let name = stream.expect('name').text
  while (stream.skip('operator', '.')) name += `.${stream.expect('name').text}`
  return name
}

/** A filter's name and arguments; the `|` before it is already read. */
export function parseFilter(grammar: Grammar, target: Expression | null): FilterNode {
  const { stream, filters, complaints } = grammar
  const { at } = stream.current
  const name = parseDottedName(stream)
  if (!filters.has(name)) complaints.push({ message: `No filter named '${name}'.`, at })
  return { kind: 'filter', target, name, args: stream.is('operator', '(') ? parseArguments(grammar) : NO_ARGUMENTS, at }
}

function parseTest(grammar: Grammar, subject: Expression): Expression {
  const { stream, tests, complaints } = grammar
  const { at } = stream.next()
  const negated = stream.skip('name', 'not')
  const name = parseDottedName(stream)
  if (!tests.has(name)) complaints.push({ message: `No test named '${name}'.`, at })
  const test: Expression = { kind: 'test', subject, name, args: parseTestArguments(grammar), at }
  return negated ? { kind: 'not', operand: test, at } : test
}

function parseTestArguments(grammar: Grammar): Arguments {
  const { stream } = grammar
  const { type, text } = stream.current
  if (type === 'operator' && text === '(') return parseArguments(grammar)
  const begins = type === 'string' || type === 'integer' || type === 'float' || (type === 'operator' && (text === '[' || text === '{'))
  const names = type === 'name' && text !== 'else' && text !== 'or' && text !== 'and'
  if (!begins && !names) return NO_ARGUMENTS
  if (names && text === 'is') stream.fail('You cannot chain multiple tests with is')
  return { ...NO_ARGUMENTS, positional: [parsePostfix(grammar, parsePrimary(grammar))] }
}
