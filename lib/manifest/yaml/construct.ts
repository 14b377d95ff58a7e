import { type Mark, type TokenLookup, YamlError } from './cursor'
import { CORE, MAX_VALUES, type MappingNode, type Node, type ScalarNode } from './compose'
import { MAX_DEPTH } from './scanner'
import { constructScalar, resolveTag, type Scalar, YamlDate } from './resolve'

/** Text into which values were printed: `raw` still holds the tokens, `text` the values. */
export class Printed {
  constructor(
    readonly raw: string,
    readonly text: string,
  ) {}
}

export type YamlValue = Scalar | Printed | readonly YamlValue[] | YamlMap
export interface YamlMap {
  readonly [key: string]: YamlValue
}

export interface ValuePlace {
  readonly value: Mark
  /** Variables printed into the value, if it is a scalar; also where they left it null. */
  readonly printed: readonly string[]
}

export interface KeyPlace extends ValuePlace {
  readonly key: Mark
  /** False for keys such as `1` or `yes`, which are no text in YAML. */
  readonly isText: boolean
  /** Variables printed into the key. */
  readonly variables: readonly string[]
}

export interface DuplicateKey {
  readonly path: readonly (string | number)[]
  readonly mark: Mark
}

export interface Constructed {
  readonly value: YamlValue
  /** Where the keys of each mapping and the items of each list stand. */
  readonly keys: WeakMap<object, ReadonlyMap<string, KeyPlace>>
  readonly items: WeakMap<object, readonly ValuePlace[]>
  readonly duplicates: readonly DuplicateKey[]
}

export interface Construction extends TokenLookup {
  /** Puts the printed values into `text`. */
  expand(text: string): string
  /** Renders the text of a `!template` scalar. */
  renderAgain(text: string, mark: Mark): string
}

/** Characters of text in a document once its aliases, merges and values are expanded. */
const MAX_CHARACTERS = 8 * 1024 * 1024

type Path = readonly (string | number)[]

interface Size {
  readonly values: number
  readonly characters: number
  readonly depth: number
}

/** Turns composed nodes into values as PyYAML's SafeLoader does, keeping places. Throws {@link YamlError}. */
export function construct(root: Node, by: Construction): Constructed {
  const done = new Map<Node, YamlValue>()
  const open = new Set<Node>()
  const sizes = new Map<Node, Size>()
  const keys = new WeakMap<object, ReadonlyMap<string, KeyPlace>>()
  const items = new WeakMap<object, readonly ValuePlace[]>()
  const duplicates: DuplicateKey[] = []
  const flattened = new Map<MappingNode, readonly Entry[]>()
  const merging = new Set<MappingNode>()
  let merged = 0

  type Entry = { readonly key: Node; readonly value: Node; readonly own: boolean }

  const fail = (mark: Mark, message: string): never => {
    throw new YamlError('yaml-syntax', `${message}.`, mark)
  }
  const tooDeep = (mark: Mark): never => {
    throw new YamlError('yaml-limit', `With its aliases expanded the document is nested deeper than ${MAX_DEPTH} levels.`, mark)
  }
  const tooLarge = (mark: Mark): never => {
    throw new YamlError('yaml-limit', `The document is too large: with its aliases, merges and values expanded it holds more than ${MAX_VALUES} values or ${MAX_CHARACTERS} characters.`, mark)
  }

  function make(node: Node, path: Path): YamlValue {
    const made = done.get(node)
    if (made !== undefined) return made
    if (open.has(node)) return fail(node.mark, 'An alias stands inside the value that it names')
    if (open.size > 2 * MAX_DEPTH) return tooDeep(node.mark)
    open.add(node)
    const value = node.type === 'scalar' ? makeScalar(node) : makeCollection(node, path)
    open.delete(node)
    done.set(node, value)
    sizes.set(node, measure(node, value))
    return value
  }

  function measure(node: Node, value: YamlValue): Size {
    let values = 1
    let depth = 0
    let characters = value instanceof Printed ? value.text.length : typeof value === 'string' ? value.length : 0
    const add = (child: Node): void => {
      const size = sizes.get(child)
      values += size?.values ?? 0
      characters += size?.characters ?? 0
      depth = Math.max(depth, size?.depth ?? 0)
      if (depth >= MAX_DEPTH) tooDeep(node.mark)
      if (values > MAX_VALUES || characters > MAX_CHARACTERS) tooLarge(node.mark)
    }
    if (node.type === 'sequence') node.items.forEach(add)
    if (node.type === 'mapping') {
      for (const { key, value: child } of flatten(node)) {
        add(key)
        add(child)
      }
    }
    return { values, characters, depth: depth + 1 }
  }

  function makeScalar(node: ScalarNode): YamlValue {
    if (node.tag?.startsWith('!template')) return print(by.renderAgain(node.value, node.mark), node)
    const variables = by.variablesIn(node.value)
    if (variables.length > 0) {
      printedIn.set(node, variables)
      if (node.tag === null && by.isBlank(node.value)) return null
      if (node.tag === null || node.tag === `${CORE}str`) return print(node.value, node)
      throw new YamlError('value-misplaced', `A value is printed under a YAML tag that would change it; variable: ${variables.join(', ')}.`, node.mark, variables)
    }
    const tag = node.tag ?? resolveTag(node.value)
    const value = constructScalar(tag, node.value)
    if (value !== null && typeof value === 'object' && !(value instanceof YamlDate)) {
      const sentence = value.fault
      return fail(node.mark, sentence.charAt(0).toUpperCase() + sentence.slice(1))
    }
    return value
  }

  function print(raw: string, node: ScalarNode): string | Printed {
    const variables = by.variablesIn(raw)
    printedIn.set(node, variables)
    return variables.length === 0 ? raw : new Printed(raw, by.expand(raw))
  }

  function makeCollection(node: Exclude<Node, ScalarNode>, path: Path): YamlValue {
    switch (node.tag) {
      case `${CORE}seq`:
        if (node.type !== 'sequence') return fail(node.mark, 'A mapping stands under the tag !!seq')
        return list(node.items.map((item, n) => make(item, [...path, n])), node.items)
      case `${CORE}map`:
        if (node.type !== 'mapping') return fail(node.mark, 'A list stands under the tag !!map')
        return makeMap(node, path)
      case `${CORE}set`:
        if (node.type !== 'mapping') return fail(node.mark, 'A list stands under the tag !!set')
        return Object.keys(makeMap(node, path))
      case `${CORE}omap`:
      case `${CORE}pairs`:
        if (node.type !== 'sequence') return fail(node.mark, 'The tags !!omap and !!pairs need a list')
        return list(node.items.map((item, n) => makePair(item, [...path, n])), node.items)
      default:
        return fail(node.mark, node.tag?.startsWith('!template') ? 'The tag !template can only stand before text' : 'The tag is not known here')
    }
  }

  const printedIn = new Map<ScalarNode, readonly string[]>()
  const placeOf = (node: Node): ValuePlace => ({ value: node.mark, printed: node.type === 'scalar' ? (printedIn.get(node) ?? []) : [] })

  function list(values: readonly YamlValue[], nodes: readonly Node[]): readonly YamlValue[] {
    items.set(values, nodes.map(placeOf))
    return values
  }

  function makePair(item: Node, path: Path): YamlValue {
    const pair = item.type === 'mapping' ? item.entries : []
    const [only] = pair
    if (!only || pair.length !== 1) return fail(item.mark, 'The items of !!omap and !!pairs must be mappings with one key')
    const made = [make(only[0], path), make(only[1], path)]
    sizes.set(item, measure(item, made))
    return made
  }

  /** The entries of a mapping with those merged by `<<` before its own, so that its own win. */
  function flatten(node: MappingNode): readonly Entry[] {
    const known = flattened.get(node)
    if (known) return known
    if (merging.has(node)) return fail(node.mark, 'A mapping is merged into itself')
    if (merging.size > 2 * MAX_DEPTH) return tooDeep(node.mark)
    merging.add(node)
    const inherited: Entry[] = []
    const own: Entry[] = []
    for (const [key, value] of node.entries) {
      if (key.type !== 'scalar' || tagOf(key) !== `${CORE}merge`) {
        own.push({ key, value, own: true })
        continue
      }
      const sources = value.type === 'mapping' ? [value] : value.type === 'sequence' ? [...value.items].reverse() : []
      if (value.type === 'scalar') return fail(value.mark, `'<<' needs a mapping or a list of mappings`)
      for (const source of sources) {
        if (source.type !== 'mapping') return fail(source.mark, `'<<' needs a mapping or a list of mappings`)
        for (const entry of flatten(source)) {
          if (++merged > MAX_VALUES) tooLarge(node.mark)
          inherited.push({ ...entry, own: false })
        }
      }
    }
    merging.delete(node)
    const all = inherited.length === 0 ? own : [...inherited, ...own]
    flattened.set(node, all)
    return all
  }
  const tagOf = (node: ScalarNode): string => node.tag ?? (by.variablesIn(node.value).length > 0 ? `${CORE}str` : resolveTag(node.value))

  function makeMap(node: MappingNode, path: Path): YamlMap {
    const entries = new Map<string, YamlValue>()
    const places = new Map<string, KeyPlace>()
    const own = new Set<string>()
    // Only a printed value can make two keys equal that are written differently.
    const spoken = node.entries.some(([key]) => key.type === 'scalar' && by.variablesIn(key.value).length > 0) ? new Map<string, string>() : null
    for (const entry of flatten(node)) {
      const { name, isText, variables } = makeKey(entry.key)
      const text = variables.length > 0 ? by.expand(name) : name
      const other = isText ? spoken?.get(text) : undefined
      if (other !== undefined && other !== name) {
        const printed = variables.length > 0 ? variables : by.variablesIn(other)
        throw new YamlError('value-misplaced', `A value printed into a key makes it equal to another key of the mapping; variable: ${printed.join(', ')}.`, entry.key.mark, printed)
      }
      if (isText) spoken?.set(text, name)
      if (entry.own && own.has(name)) duplicates.push({ path: [...path, name], mark: entry.key.mark })
      if (entry.own) own.add(name)
      entries.set(name, make(entry.value, [...path, name]))
      places.set(name, { ...placeOf(entry.value), key: entry.key.mark, isText, variables })
    }
    const map: YamlMap = Object.fromEntries(entries)
    keys.set(map, places)
    return map
  }

  function makeKey(node: Node): { name: string; isText: boolean; variables: readonly string[] } {
    if (node.type !== 'scalar') return fail(node.mark, 'A key must be text, not a list or a mapping')
    if (node.tag === null && node.value === '=') return { name: '=', isText: true, variables: [] }
    const key = make(node, [])
    if (key instanceof Printed) return { name: key.raw, isText: true, variables: by.variablesIn(key.raw) }
    if (typeof key === 'string') return { name: key, isText: true, variables: [] }
    if (typeof key === 'object' && key !== null && !(key instanceof YamlDate)) return fail(node.mark, 'A key must be text, not a list or a mapping')
    return { name: key instanceof YamlDate ? key.iso : String(key), isText: false, variables: key === null ? by.variablesIn(node.value) : [] }
  }

  const value = make(root, [])
  return { value, keys, items, duplicates }
}
