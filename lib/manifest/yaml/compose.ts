import { type Mark, refuseUnprintable, type TokenLookup, YamlError } from './cursor'
import { createScanner, MAX_DEPTH, type ScalarStyle, type Scanner, type Token, type TokenType } from './scanner'

interface Placed {
  /** Resolved tag: `tag:yaml.org,2002:str` and so on; null for a scalar whose type its text decides. */
  readonly tag: string | null
  readonly mark: Mark
}
export interface ScalarNode extends Placed {
  readonly type: 'scalar'
  readonly value: string
  readonly style: ScalarStyle
}
export interface SequenceNode extends Placed {
  readonly type: 'sequence'
  readonly items: Node[]
}
export interface MappingNode extends Placed {
  readonly type: 'mapping'
  readonly entries: (readonly [Node, Node])[]
}
export type Node = ScalarNode | SequenceNode | MappingNode

/** Values that a document may hold, before and after its aliases and merges are expanded. */
export const MAX_VALUES = 20_000

export const CORE = 'tag:yaml.org,2002:'

const SPOKEN: Partial<Record<TokenType, string>> = {
  'document-start': `'---'`, 'document-end': `'...'`, 'stream-end': 'the end of the text', 'block-end': 'the end of the block',
  'block-sequence-start': 'a list', 'block-mapping-start': 'a mapping', 'flow-sequence-end': `']'`, 'flow-mapping-end': `'}'`,
  'block-entry': `'- '`, 'flow-entry': `','`, key: 'a key', value: `':'`, directive: 'a directive', scalar: 'text',
}

/**
 * Reads one YAML 1.1 document as PyYAML's composer does: syntax, anchors, aliases and tags, no values yet.
 * Returns null for a text without a document. Throws {@link YamlError}.
 */
export function composeDocument(text: string, tokens: TokenLookup): Node | null {
  refuseUnprintable(text)
  const scanner = createScanner(text, tokens)
  const first = scanner.peek()
  let root: Node | null
  if (first.type === 'stream-end') return null
  if (first.type === 'directive' || first.type === 'document-start') root = composeExplicit(scanner, tokens)
  else root = composer(scanner, tokens, new Map()).block()
  if (scanner.peek().type === 'document-end') scanner.next()
  while (scanner.peek().type === 'document-end') scanner.next()
  const rest = scanner.peek()
  if (rest.type === 'stream-end') return root
  if (rest.type === 'directive' || rest.type === 'document-start') throw syntax(rest.mark, 'The text holds more than one document')
  throw syntax(rest.mark, `After the end of the document comes ${SPOKEN[rest.type] ?? 'more text'}; check the indentation`)
}

const syntax = (mark: Mark, message: string): YamlError => new YamlError('yaml-syntax', `${message}.`, mark)

function composeExplicit(scanner: Scanner, tokens: TokenLookup): Node {
  const handles = new Map<string, string>()
  let versioned = false
  for (let token = scanner.peek(); token.type === 'directive'; token = scanner.peek()) {
    const { directive } = token
    if (directive.name === 'YAML') {
      if (versioned) throw syntax(token.mark, 'The %YAML directive stands twice')
      if (directive.major !== 1) throw syntax(token.mark, 'Only YAML 1.x is read')
      versioned = true
    } else if (directive.name === 'TAG') {
      if (handles.has(directive.handle)) throw syntax(token.mark, 'A %TAG directive names the same handle twice')
      handles.set(directive.handle, directive.prefix)
    }
    scanner.next()
  }
  const start = scanner.next()
  if (start.type !== 'document-start') throw syntax(start.mark, `'---' is expected after the directives`)
  const next = scanner.peek()
  if (next.type === 'directive' || next.type === 'document-start' || next.type === 'document-end' || next.type === 'stream-end') return empty(next.mark)
  return composer(scanner, tokens, handles).block()
}

const empty = (mark: Mark): ScalarNode => ({ type: 'scalar', value: '', style: 'plain', tag: null, mark })

interface Properties {
  anchor: string | null
  tag: string | null
  mark: Mark | null
}

function composer(scanner: Scanner, tokens: TokenLookup, handles: ReadonlyMap<string, string>): { block(): Node } {
  const anchors = new Map<string, Node>()
  let depth = 0
  let count = 0

  const nextIs = (...types: readonly TokenType[]): boolean => types.includes(scanner.peek().type)

  function properties(): Properties {
    const found: Properties = { anchor: null, tag: null, mark: null }
    for (;;) {
      const token = scanner.peek()
      if (token.type === 'anchor' && found.anchor === null) found.anchor = token.name
      else if (token.type === 'tag' && found.tag === null) found.tag = resolveTag(token)
      else return found
      found.mark ??= token.mark
      scanner.next()
    }
  }
  function resolveTag(token: Extract<Token, { type: 'tag' }>): string {
    const { handle, suffix } = token.tag
    if (handle === null) return suffix
    const prefix = handles.get(handle) ?? (handle === '!' ? '!' : handle === '!!' ? CORE : undefined)
    if (prefix === undefined) throw syntax(token.mark, 'A tag uses a handle that no %TAG directive defines')
    return prefix + suffix
  }

  function node(block: boolean, indentless: boolean): Node {
    const alias = scanner.peek()
    if (alias.type === 'alias') {
      scanner.next()
      const target = anchors.get(alias.name)
      if (!target) throw syntax(alias.mark, `The alias *${alias.name} has no anchor &${alias.name} before it`)
      return target
    }
    const { anchor, tag, mark } = properties()
    const token = scanner.peek()
    const start = mark ?? token.mark
    const explicit = tag === null || tag === '!' ? null : tag
    if (anchor !== null && anchors.has(anchor)) throw syntax(start, `The anchor &${anchor} stands twice`)
    const remember = <T extends Node>(made: T): T => {
      if (anchor !== null) anchors.set(anchor, made)
      return made
    }
    if (++count > MAX_VALUES) throw new YamlError('yaml-limit', `The document holds more than ${String(MAX_VALUES)} values.`, token.mark)
    if (++depth > MAX_DEPTH) throw new YamlError('yaml-limit', `The document is nested deeper than ${MAX_DEPTH} levels.`, token.mark)
    try {
      const sequence = (): SequenceNode => remember({ type: 'sequence', tag: explicit ?? `${CORE}seq`, mark: start, items: [] })
      const mapping = (): MappingNode => remember({ type: 'mapping', tag: explicit ?? `${CORE}map`, mark: start, entries: [] })
      if (indentless && token.type === 'block-entry') return indentlessItems(sequence())
      if (token.type === 'scalar') {
        scanner.next()
        const byText = (token.style === 'plain' && tag === null) || tag === '!'
        return remember({ type: 'scalar', value: token.value, style: token.style, tag: explicit ?? (byText ? null : `${CORE}str`), mark: start })
      }
      if (token.type === 'flow-sequence-start') return flowItems(sequence())
      if (token.type === 'flow-mapping-start') return flowEntries(mapping())
      if (block && token.type === 'block-sequence-start') return blockItems(sequence())
      if (block && token.type === 'block-mapping-start') return blockEntries(mapping())
      if (anchor !== null || tag !== null) return remember({ ...empty(start), tag: explicit })
      throw syntax(token.mark, `A value is expected here, but ${SPOKEN[token.type] ?? 'something else'} comes`)
    } finally {
      depth--
    }
  }

  /** A node, or an empty one where one of `ends` comes at once. */
  function nodeUnless(ends: readonly TokenType[], at: Mark, block: boolean, indentless: boolean): Node {
    return nextIs(...ends) ? empty(at) : node(block, indentless)
  }

  function blockItems(made: SequenceNode): SequenceNode {
    scanner.next()
    while (nextIs('block-entry')) {
      const { mark } = scanner.next()
      made.items.push(nodeUnless(['block-entry', 'block-end'], mark, true, false))
    }
    endBlock()
    return made
  }
  function indentlessItems(made: SequenceNode): SequenceNode {
    while (nextIs('block-entry')) {
      const { mark } = scanner.next()
      made.items.push(nodeUnless(['block-entry', 'key', 'value', 'block-end'], mark, true, false))
    }
    return made
  }
  function blockEntries(made: MappingNode): MappingNode {
    scanner.next()
    while (nextIs('key')) {
      const { mark } = scanner.next()
      const key = nodeUnless(['key', 'value', 'block-end'], mark, true, true)
      made.entries.push([key, valueUnless(['key', 'value', 'block-end'], true)])
    }
    endBlock()
    return made
  }
  function valueUnless(ends: readonly TokenType[], block: boolean): Node {
    const token = scanner.peek()
    if (token.type !== 'value') return empty(token.mark)
    scanner.next()
    return nodeUnless(ends, token.mark, block, block)
  }
  function endBlock(): void {
    const token = scanner.peek()
    if (token.type !== 'block-end') throw syntax(token.mark, `${SPOKEN[token.type] ?? 'Something'} does not fit the block around it; check indentation and quotes`)
    scanner.next()
  }

  function flowItems(made: SequenceNode): SequenceNode {
    scanner.next()
    for (let first = true; !nextIs('flow-sequence-end'); first = false) {
      if (!first) {
        separator(`']'`)
        if (nextIs('flow-sequence-end')) break
      }
      const token = scanner.peek()
      if (token.type !== 'key') {
        made.items.push(node(false, false))
        continue
      }
      scanner.next()
      const key = nodeUnless(['value', 'flow-entry', 'flow-sequence-end'], token.mark, false, false)
      const value = valueUnless(['flow-entry', 'flow-sequence-end'], false)
      made.items.push({ type: 'mapping', tag: `${CORE}map`, mark: token.mark, entries: [[key, value]] })
    }
    scanner.next()
    const last = made.items.at(-1)
    // Where every value printed in the last place is empty, the author's text reads `[a, ]`.
    if (last?.type === 'scalar' && last.tag === null && last.style === 'plain' && tokens.isBlank(last.value)) made.items.pop()
    return made
  }
  function flowEntries(made: MappingNode): MappingNode {
    scanner.next()
    for (let first = true; !nextIs('flow-mapping-end'); first = false) {
      if (!first) {
        separator(`'}'`)
        if (nextIs('flow-mapping-end')) break
      }
      const ends: readonly TokenType[] = ['flow-entry', 'flow-mapping-end']
      const token = scanner.peek()
      if (token.type === 'key') {
        scanner.next()
        const key = nodeUnless(['value', ...ends], token.mark, false, false)
        made.entries.push([key, valueUnless(ends, false)])
      } else {
        const key = node(false, false)
        made.entries.push([key, empty(scanner.peek().mark)])
      }
    }
    scanner.next()
    return made
  }
  function separator(closing: string): void {
    const token = scanner.peek()
    if (token.type !== 'flow-entry') throw syntax(token.mark, `',' or ${closing} is expected here, but ${SPOKEN[token.type] ?? 'something else'} comes`)
    scanner.next()
  }

  return { block: () => node(true, false) }
}
