import { expressionsIn } from './expressions'
import type { Issue, Path } from './issue'
import { type Decision, expandTokens, JinjaError, type Piece, type RenderedText, renderText, tokenPattern } from './jinja/render-text'
import { isMapping } from './scalars'
import { type Construction, type Constructed, type KeyPlace, Printed, type ValuePlace, type YamlValue } from './yaml/construct'
import { type Mark, YamlError } from './yaml/cursor'
import { readYaml } from './yaml/read'

export interface Place {
  readonly line: number
  readonly column: number
}

/** A piece of text in a document that comes from values. */
export interface PrintedPiece extends Piece {
  /** Where it stands in the document; null in a comment and in a branch that is not taken. */
  readonly path: Path | null
}

/** A template rendered with values and read as YAML, with the way back to the text as fetched. */
export interface ManifestDocument {
  /** Null when the text holds no document. */
  readonly value: YamlValue
  /** Characters of the rendered text. */
  readonly length: number
  readonly pieces: readonly PrintedPiece[]
  readonly decisions: readonly Decision[]
  readonly duplicates: readonly { readonly path: Path; readonly line: number }[]
  has(path: Path): boolean
  /** The place of the value (or of its key) at `path`, or of the nearest thing around it. */
  place(path: Path, of?: 'key'): Place
  /** Variables printed at `path`, in its key or anywhere below it. */
  variablesUnder(path: Path): readonly string[]
  /** Keys into which a value is printed. */
  readonly printedKeys: readonly Path[]
  /** Keys that are no text in YAML, as `5` or `yes`. */
  readonly untextualKeys: readonly Path[]
  /** `text` with each token replaced by what `print` makes of its piece. */
  fill(text: string, print: (piece: Piece) => string): string
}

export type ReadResult = { readonly ok: true; readonly document: ManifestDocument } | { readonly ok: false; readonly issue: Issue; readonly pieces: readonly Piece[] }

/** Scalars under `!template` per document; each is rendered by itself. */
const MAX_RENDERED_SCALARS = 100
/** For a look into branches that are not taken: an extra that must not cost much. */
const GLANCE_LIMITS = { steps: 50_000 }
const SCALAR_LIMITS = { steps: 20_000, outputBytes: 1024 * 1024 }

/** A top-level `kind: Service`: such a text is a manifest as it stands, and braces in it are just text. */
const PLAIN_KIND = /^kind:[ \t]*(["']?)Service\1[ \t]*(?:#.*)?\r?$/m
const TEMPLATE_KIND = /^kind:[ \t]*["']?ServiceTemplate/m

/** Renders `source` with `values`, unless it is a plain Service, and reads the result. Issues carry places in `source`. */
export function readDocument(source: string, values: Readonly<Record<string, string>>, everyBranch = false): ReadResult {
  let first: RenderedText
  try {
    first = PLAIN_KIND.test(source) && !TEMPLATE_KIND.test(source) ? unrendered(source) : renderText(source, values, everyBranch ? { everyBranch, limits: GLANCE_LIMITS } : {})
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error
    return { ok: false, issue: { code: error.code, message: error.message, path: '', line: error.line, column: error.column }, pieces: [] }
  }
  const reading = createReading(first, values)
  try {
    const constructed = readYaml(first.text, reading.construction)
    return { ok: true, document: describe(constructed, reading) }
  } catch (error) {
    const pieces = [...first.pieces.values()]
    if (error instanceof JinjaError) return { ok: false, issue: { code: error.code, message: error.message, path: '', line: error.line, column: error.column }, pieces }
    if (!(error instanceof YamlError)) throw error
    const issue: Issue = { code: error.code, message: error.message, path: '', ...reading.position(error.at), ...(error.variables.length > 0 && { variables: error.variables }) }
    return { ok: false, issue, pieces }
  }
}

const unrendered = (text: string): RenderedText => ({ text, pieces: new Map(), unchosen: [], decisions: [], tokenPrefix: 'q', sourcePosition: (line, column) => ({ line, column }) })

interface Reading {
  readonly construction: Construction
  readonly renderings: readonly RenderedText[]
  readonly decisions: readonly Decision[]
  position(mark: Mark): Place
  pieceOf(token: string): Piece | undefined
  tokens(): RegExp
}

function createReading(first: RenderedText, values: Readonly<Record<string, string>>): Reading {
  const renderings = [first]
  const later = new Map<string, Piece>()
  const decisions = [...first.decisions]
  const lineStarts = startsOfLines(first.text)
  let pattern = tokenPattern(first)

  const tokens = (): RegExp => new RegExp(pattern)
  const pieceOf = (token: string): Piece | undefined => first.pieces.get(token) ?? later.get(token)
  const variablesIn = (text: string): readonly string[] => {
    if (first.pieces.size + later.size === 0) return []
    const found = new Set<string>()
    for (const [token] of text.matchAll(tokens())) for (const name of pieceOf(token)?.variables ?? []) found.add(name)
    return [...found]
  }
  const expand = (text: string): string => renderings.reduce((filled, rendering) => expandTokens(rendering, filled), text)
  const position = (mark: Mark): Place => {
    const line = lineAt(lineStarts, mark.index)
    return first.sourcePosition(line + 1, mark.index - (lineStarts[line] ?? 0) + 1)
  }
  const construction: Construction = {
    variablesIn,
    expand,
    isBlank(text) {
      if (variablesIn(text).length === 0) return false
      return expand(text).trim() === '' && text.replace(tokens(), '').trim() === '' && [...text.matchAll(tokens())].every(([token]) => pieceOf(token)?.text === '')
    },
    variablesAt(text, index) {
      const here = tokens()
      here.lastIndex = index
      const found = here.exec(text)
      return found?.index === index ? [...(pieceOf(found[0])?.variables ?? [])] : []
    },
    renderAgain(text, mark) {
      const at = position(mark)
      const lost = variablesIn(expressionsIn(text).join(' '))
      if (lost.length > 0) throw new YamlError('value-misplaced', `A value cannot be printed inside the expressions of a !template text; variable: ${lost.join(', ')}.`, mark, lost)
      if (renderings.length > MAX_RENDERED_SCALARS) throw new YamlError('yaml-limit', `More than ${String(MAX_RENDERED_SCALARS)} texts carry the tag !template.`, mark)
      try {
        const again = renderText(text, values, { limits: SCALAR_LIMITS })
        renderings.push(again)
        for (const [token, piece] of again.pieces) later.set(token, { ...piece, ...at })
        decisions.push(...again.decisions.map((decision) => ({ ...decision, ...at })))
        pattern = new RegExp(renderings.map((rendering) => tokenPattern(rendering).source).join('|'), 'g')
        return again.text
      } catch (error) {
        if (error instanceof JinjaError) throw new JinjaError(error.code, error.message, at.line, at.column)
        throw error
      }
    },
  }
  return { construction, renderings, decisions, position, pieceOf, tokens }
}

function startsOfLines(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The last line that starts at or before `index`. */
function lineAt(starts: readonly number[], index: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= index) low = middle
    else high = middle - 1
  }
  return low
}

function describe(constructed: Constructed | null, reading: Reading): ManifestDocument {
  const value = constructed?.value ?? null
  const inPlace = new Map<string, Path>()
  const printedKeys: Path[] = []
  const untextualKeys: Path[] = []
  const note = (text: string, path: Path): void => {
    for (const [token] of text.matchAll(reading.tokens())) if (!inPlace.has(token)) inPlace.set(token, path)
  }
  const printsAnything = reading.renderings.some((rendering) => rendering.pieces.size > 0)
  visit(value, [], new Set())

  function visit(node: YamlValue, path: Path, seen: Set<object>): void {
    if (node instanceof Printed) note(node.raw, path)
    if (typeof node !== 'object' || node === null || seen.has(node)) return
    seen.add(node)
    if (Array.isArray(node)) node.forEach((item: YamlValue, index) => visit(item, [...path, index], seen))
    const places = constructed?.keys.get(node)
    if (!places) return
    for (const [key, child] of Object.entries(node as Record<string, YamlValue>)) {
      const keyPath = [...path, key]
      if (places.get(key)?.isText === false) untextualKeys.push(keyPath)
      if ((places.get(key)?.variables.length ?? 0) > 0) {
        printedKeys.push(keyPath)
        note(key, keyPath)
      }
      visit(child, keyPath, seen)
    }
  }

  const placeIn = (node: YamlValue | undefined, key: string | number): ValuePlace | KeyPlace | undefined => {
    if (typeof node !== 'object' || node === null) return undefined
    return typeof key === 'number' ? constructed?.items.get(node)?.[key] : constructed?.keys.get(node)?.get(key)
  }
  const children = (node: YamlValue | undefined): YamlValue[] => (Array.isArray(node) ? (node as YamlValue[]) : typeof node === 'object' && node !== null && constructed?.keys.has(node) ? Object.values(node as Record<string, YamlValue>) : [])
  const start: Mark = { index: 0, line: 0, column: 0 }

  const allPieces = reading.renderings.flatMap((rendering) => [...rendering.pieces.keys()])
  return {
    value,
    length: reading.renderings[0]?.text.length ?? 0,
    printedKeys,
    untextualKeys,
    decisions: reading.decisions,
    pieces: [...allPieces.flatMap((token) => reading.pieceOf(token) ?? []), ...reading.renderings.flatMap((rendering) => rendering.unchosen)].map((piece) => ({ ...piece, path: inPlace.get(piece.token) ?? null })),
    duplicates: (constructed?.duplicates ?? []).map(({ path, mark }) => ({ path, line: reading.position(mark).line })),
    has: (path) => {
      let node: YamlValue | undefined = value
      return path.every((key) => {
        if (!placeIn(node, key)) return false
        node = step(node, key)
        return true
      })
    },
    place(path, of) {
      let node: YamlValue | undefined = value
      let mark: Mark = constructed ? firstMark(constructed, value) ?? start : start
      for (const key of path) {
        const place = placeIn(node, key)
        if (!place) break
        node = step(node, key)
        mark = 'key' in place && (of === 'key' || Array.isArray(node) || isMapping(node)) ? place.key : place.value
      }
      return reading.position(mark)
    },
    variablesUnder(path) {
      const found = new Set<string>()
      const seen = new Set<object>()
      let node: YamlValue | undefined = value
      let place: ValuePlace | KeyPlace | undefined
      for (const key of path) {
        place = placeIn(node, key)
        node = step(node, key)
      }
      const gather = (at: ValuePlace | KeyPlace | undefined, below: YamlValue | undefined): void => {
        for (const name of at?.printed ?? []) found.add(name)
        if (at && 'key' in at) for (const name of at.variables) found.add(name)
        if (typeof below !== 'object' || below === null || seen.has(below)) return
        seen.add(below)
        const names: (string | number)[] = Array.isArray(below) ? [...below.keys()] : [...(constructed?.keys.get(below)?.keys() ?? [])]
        children(below).forEach((child, index) => gather(placeIn(below, names[index] ?? index), child))
      }
      gather(place, node)
      return [...found]
    },
    fill: (text, print) => (printsAnything ? text.replace(reading.tokens(), (token) => fillToken(reading.pieceOf(token), print) ?? token) : text),
  }
}

const fillToken = (piece: Piece | undefined, print: (piece: Piece) => string): string | undefined => (piece ? print(piece) : undefined)

/** The child of a list or mapping; own keys only. */
export function step(node: YamlValue | undefined, key: string | number): YamlValue | undefined {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
  return (node as Readonly<Record<string | number, YamlValue>>)[key]
}

function firstMark(constructed: Constructed, value: YamlValue): Mark | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const place of constructed.keys.get(value)?.values() ?? []) return place.key
  return constructed.items.get(value)?.[0]?.value
}
