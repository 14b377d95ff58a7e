import { atDocumentMarker, type Cursor, createCursor, isSpaceOrEnd, type Mark, scanLineBreak, shown, skipComment, skipSpaces, type TokenLookup, YamlError } from './cursor'
import { type Directive, scanAnchorName, scanDirective, scanTag, type TagName } from './scan-properties'
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalars'

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

export type Token = { readonly mark: Mark } & (
  | { readonly type: StructureType }
  | { readonly type: 'directive'; readonly directive: Directive }
  | { readonly type: 'alias' | 'anchor'; readonly name: string }
  | { readonly type: 'tag'; readonly tag: TagName }
  | { readonly type: 'scalar'; readonly value: string; readonly style: ScalarStyle }
)
type StructureType =
  | 'document-start' | 'document-end' | 'stream-end'
  | 'block-sequence-start' | 'block-mapping-start' | 'block-end'
  | 'flow-sequence-start' | 'flow-sequence-end' | 'flow-mapping-start' | 'flow-mapping-end'
  | 'block-entry' | 'flow-entry' | 'key' | 'value'
export type TokenType = Token['type']

export interface Scanner {
  peek(): Token
  next(): Token
}

/** Nesting of flow collections and blocks beyond which a text is refused. */
export const MAX_DEPTH = 100
/** A key without `?` must be followed by its colon within this many characters, on the same line (YAML 1.1). */
const SIMPLE_KEY_LENGTH = 1024

interface SimpleKey {
  readonly tokenNumber: number
  readonly required: boolean
  readonly mark: Mark
}

const FLOW_INDICATORS: Readonly<Record<string, StructureType>> = { '[': 'flow-sequence-start', ']': 'flow-sequence-end', '{': 'flow-mapping-start', '}': 'flow-mapping-end', ',': 'flow-entry' }

/** Splits a text into YAML 1.1 tokens by the rules of PyYAML's scanner, quirks included. Throws {@link YamlError}. */
export function createScanner(text: string, tokens: TokenLookup): Scanner {
  const cursor: Cursor = createCursor(text, tokens)
  const queue: Token[] = []
  let taken = 0
  let done = false
  let flowLevel = 0
  let indent = -1
  const indents: number[] = []
  let allowSimpleKey = true
  const simpleKeys = new Map<number, SimpleKey>()

  const push = (type: StructureType, mark = cursor.mark()): void => void queue.push({ type, mark })
  const noColon = (key: SimpleKey): never => cursor.fail(`A ':' is missing after the key that starts here`, key.mark)

  function dropStaleKeys(): void {
    for (const [level, key] of simpleKeys) {
      if (key.mark.line === cursor.line && cursor.index - key.mark.index <= SIMPLE_KEY_LENGTH) continue
      if (key.required) noColon(key)
      simpleKeys.delete(level)
    }
  }
  function saveSimpleKey(): void {
    if (!allowSimpleKey) return
    removeSimpleKey()
    const required = flowLevel === 0 && indent === cursor.column
    simpleKeys.set(flowLevel, { tokenNumber: taken + queue.length, required, mark: cursor.mark() })
  }
  function removeSimpleKey(): void {
    const key = simpleKeys.get(flowLevel)
    if (key?.required) noColon(key)
    simpleKeys.delete(flowLevel)
  }
  function unwind(column: number): void {
    if (flowLevel > 0) return
    while (indent > column) {
      indent = indents.pop() ?? -1
      push('block-end')
    }
  }
  function deepen(column: number): boolean {
    if (indent >= column) return false
    refuseDepth(indents.length + 1)
    indents.push(indent)
    indent = column
    return true
  }
  function refuseDepth(depth: number): void {
    if (depth > MAX_DEPTH) throw new YamlError('yaml-limit', `The document is nested deeper than ${MAX_DEPTH} levels.`, cursor.mark())
  }
  function indicator(type: StructureType, length: number): void {
    push(type)
    cursor.forward(length)
  }

  function needMore(): boolean {
    if (done) return false
    if (queue.length === 0) return true
    dropStaleKeys()
    for (const key of simpleKeys.values()) if (key.tokenNumber === taken) return true
    return false
  }

  function fetch(): void {
    skipToToken()
    dropStaleKeys()
    unwind(cursor.column)
    const ch = cursor.peek()
    if (ch === '\0') return fetchEnd()
    if (cursor.column === 0 && ch === '%') {
      startOver()
      const mark = cursor.mark()
      return void queue.push({ type: 'directive', directive: scanDirective(cursor), mark })
    }
    if (cursor.column === 0 && atDocumentMarker(cursor)) {
      startOver()
      return indicator(ch === '-' ? 'document-start' : 'document-end', 3)
    }
    const flow = Object.hasOwn(FLOW_INDICATORS, ch) ? FLOW_INDICATORS[ch] : undefined
    if (flow) return fetchFlow(flow)
    const beforeSpace = isSpaceOrEnd(cursor.peek(1))
    if (ch === '-' && beforeSpace) return fetchBlockEntry()
    if (ch === '?' && (flowLevel > 0 || beforeSpace)) return fetchKey()
    if (ch === ':' && (flowLevel > 0 || beforeSpace)) return fetchValue()
    if (ch === '*' || ch === '&' || ch === '!') return fetchProperty(ch)
    if (flowLevel === 0 && (ch === '|' || ch === '>')) return fetchBlockScalar(ch)
    if (ch === "'" || ch === '"') return fetchQuoted(ch)
    const plain = (!isSpaceOrEnd(ch) && !'-?:,[]{}#&*!|>\'"%@`'.includes(ch)) || (!beforeSpace && (ch === '-' || (flowLevel === 0 && '?:'.includes(ch))))
    if (!plain) cursor.fail(ch === '\t' ? `A tab cannot be used for indentation or before a value here` : `${shown(ch)} cannot start a value; quote the text`)
    saveSimpleKey()
    allowSimpleKey = false
    const mark = cursor.mark()
    const { value, endsLine } = scanPlainScalar(cursor, flowLevel > 0, indent)
    if (endsLine) allowSimpleKey = true
    queue.push({ type: 'scalar', value, style: 'plain', mark })
  }

  function skipToToken(): void {
    if (cursor.index === 0 && cursor.peek() === '\ufeff') cursor.forward()
    for (;;) {
      skipSpaces(cursor)
      skipComment(cursor)
      if (scanLineBreak(cursor) === '') return
      if (flowLevel === 0) allowSimpleKey = true
    }
  }
  function startOver(): void {
    unwind(-1)
    removeSimpleKey()
    allowSimpleKey = false
  }
  function fetchEnd(): void {
    startOver()
    simpleKeys.clear()
    push('stream-end')
    done = true
  }
  function fetchFlow(type: StructureType): void {
    if (type === 'flow-sequence-start' || type === 'flow-mapping-start') {
      saveSimpleKey()
      flowLevel++
      refuseDepth(flowLevel)
      allowSimpleKey = true
    } else if (type === 'flow-entry') {
      allowSimpleKey = true
      removeSimpleKey()
    } else {
      removeSimpleKey()
      // Below zero a stray bracket would count as flow context; the parser refuses it either way.
      flowLevel = Math.max(0, flowLevel - 1)
      allowSimpleKey = false
    }
    indicator(type, 1)
  }
  function fetchBlockEntry(): void {
    if (flowLevel === 0) {
      if (!allowSimpleKey) cursor.fail(`A list item ('- ') cannot start here`)
      if (deepen(cursor.column)) push('block-sequence-start')
    }
    allowSimpleKey = true
    removeSimpleKey()
    indicator('block-entry', 1)
  }
  function fetchKey(): void {
    if (flowLevel === 0) {
      if (!allowSimpleKey) cursor.fail(`A key ('? ') cannot start here`)
      if (deepen(cursor.column)) push('block-mapping-start')
    }
    allowSimpleKey = flowLevel === 0
    removeSimpleKey()
    indicator('key', 1)
  }
  function fetchValue(): void {
    const key = simpleKeys.get(flowLevel)
    if (key) {
      simpleKeys.delete(flowLevel)
      const at = key.tokenNumber - taken
      queue.splice(at, 0, { type: 'key', mark: key.mark })
      if (flowLevel === 0 && deepen(key.mark.column)) queue.splice(at, 0, { type: 'block-mapping-start', mark: key.mark })
      allowSimpleKey = false
    } else {
      if (flowLevel === 0) {
        if (!allowSimpleKey) cursor.fail(`A ': ' cannot stand here; quote the text if the colon belongs to it`)
        if (deepen(cursor.column)) push('block-mapping-start')
      }
      allowSimpleKey = flowLevel === 0
      removeSimpleKey()
    }
    indicator('value', 1)
  }
  function fetchProperty(ch: '*' | '&' | '!'): void {
    saveSimpleKey()
    allowSimpleKey = false
    const mark = cursor.mark()
    if (ch === '!') queue.push({ type: 'tag', tag: scanTag(cursor), mark })
    else queue.push({ type: ch === '*' ? 'alias' : 'anchor', name: scanAnchorName(cursor), mark })
  }
  function fetchBlockScalar(ch: '|' | '>'): void {
    allowSimpleKey = true
    removeSimpleKey()
    const mark = cursor.mark()
    const value = scanBlockScalar(cursor, ch === '>', indent)
    queue.push({ type: 'scalar', value, style: ch === '>' ? 'folded' : 'literal', mark })
  }
  function fetchQuoted(quote: string): void {
    saveSimpleKey()
    allowSimpleKey = false
    const mark = cursor.mark()
    const value = scanQuotedScalar(cursor)
    queue.push({ type: 'scalar', value, style: quote === '"' ? 'double' : 'single', mark })
  }

  function fill(): Token {
    while (needMore()) fetch()
    const first = queue[0]
    if (!first) throw new YamlError('yaml-syntax', 'The document ends too early.', cursor.mark())
    return first
  }
  return {
    peek: fill,
    next() {
      const token = fill()
      queue.shift()
      taken++
      return token
    },
  }
}
