export interface Limits {
  /** Characters of the template. */
  readonly sourceBytes: number
  /** Characters of the output, and of any string made on the way. */
  readonly outputBytes: number
  /** Work: evaluated nodes, loop turns, list items, and 128 characters of text walked. */
  readonly steps: number
  /** Nesting of blocks, brackets and operators. */
  readonly depth: number
}

export const DEFAULT_LIMITS: Limits = { sourceBytes: 1024 * 1024, outputBytes: 4 * 1024 * 1024, steps: 200_000, depth: 100 }
