import type { Value } from './values'

/** Names and what they stand for, from the innermost block outwards. */
export interface Scope {
  readonly names: Map<string, Value>
  readonly outer: Scope | null
}

export const innerScope = (outer: Scope | null): Scope => ({ names: new Map(), outer })

export function lookUp(scope: Scope, name: string): Value | undefined {
  for (let current: Scope | null = scope; current; current = current.outer) {
    const found = current.names.get(name)
    if (found) return found
  }
  return undefined
}
