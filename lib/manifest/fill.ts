import type { ManifestDocument } from './document'
import type { Path } from './issue'
import type { Piece } from './jinja/render-text'
import { Printed } from './yaml/construct'
import { YamlDate } from './yaml/resolve'

/** What stands in place of a value that must not be shown. */
export const MASK = '••••••••'

export interface FillOptions {
  /** What each printed piece becomes. */
  readonly print: (piece: Piece) => string
  /** True for a value at this path that was made from a piece which must not be shown: numbers, booleans and fixed words. */
  readonly hides?: (path: Path) => boolean
}

/**
 * Makes parsed data final: printed text becomes plain text, nulls are left out (but kept in free data, such as a
 * queue's message schema), dates become their ISO text. The result is JSON and shares nothing with the document.
 */
export function fill(data: unknown, document: ManifestDocument, { print, hides = () => false }: FillOptions): unknown {
  function walk(value: unknown, path: Path, free: boolean): unknown {
    if (value instanceof Printed) return document.fill(value.raw, print)
    if (value instanceof YamlDate) return value.iso
    if (typeof value === 'bigint') return Number(value)
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index], free))
    if (typeof value !== 'object' || value === null) return hides(path) ? MASK : value
    const entries: [string, unknown][] = []
    for (const [key, child] of Object.entries(value)) {
      if (child === undefined || (child === null && !free)) continue
      entries.push([document.fill(key, print), walk(child, [...path, key], free || key === 'message_schema')])
    }
    return Object.fromEntries(entries)
  }
  return walk(data, [], false)
}
