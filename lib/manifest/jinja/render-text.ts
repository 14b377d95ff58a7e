import { JinjaError } from './errors'
import { DEFAULT_LIMITS, type Limits } from './limits'
import { renderSource } from './render-source'
import { choosePrefix, tokensBeginningWith } from './run'
import { normalise, sourceOf, type Position } from './source'

export { JinjaError, type JinjaErrorCode } from './errors'
export { DEFAULT_LIMITS, type Limits } from './limits'
export type { Position } from './source'

/** What one print put into the text: `token` stands in the rendered text where `text` belongs. */
export interface Piece {
  readonly token: string
  readonly text: string
  /** The variables that the text derives from. */
  readonly variables: ReadonlySet<string>
  /** Those of them whose content the text tells: none for the answer to a mere test for presence. */
  readonly tells: ReadonlySet<string>
  readonly line: number
  readonly column: number
}

/** A condition, loop or choice that depends on the content of variables, not merely on whether they are given. */
export interface Decision {
  readonly variables: ReadonlySet<string>
  readonly line: number
  readonly column: number
}

export interface RenderedText {
  readonly text: string
  /** The tokens that stand in `text`. */
  readonly pieces: ReadonlyMap<string, Piece>
  /** What the branches that were not taken would have written, if `everyBranch` asks for it. */
  readonly unchosen: readonly Piece[]
  readonly decisions: readonly Decision[]
  /** How every token of this rendering begins. */
  readonly tokenPrefix: string
  /** From a position in `text` to the one in the source that wrote it; both 1-based. */
  sourcePosition(line: number, column: number): Position
}

export interface RenderOptions {
  readonly limits?: Partial<Limits>
  /** Makes the tokens repeatable; random otherwise. */
  readonly tokenSeed?: string
  /** Looks into the branches, too, that the values do not take. */
  readonly everyBranch?: boolean
}

/**
 * Renders a Jinja template as Jinja2 3.1 does by default, except that whatever a print derives from a variable is an
 * opaque token in the text: no value can become structure, and none is evaluated. Throws `JinjaError`.
 */
export function renderText(source: string, values: Readonly<Record<string, string>>, options: RenderOptions = {}): RenderedText {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  if (source.length > limits.sourceBytes) throw new JinjaError('jinja-limit', 'The template is too long.', 1, 1)
  const tokenPrefix = choosePrefix([source, ...Object.values(values)], options.tokenSeed)
  try {
    return renderSource(sourceOf(normalise(source)), values, limits, tokenPrefix, options.everyBranch ?? false)
  } catch (error) {
    // The depth budget fits half of the usual stack; a caller deep inside its own may have less left.
    if (error instanceof RangeError) throw new JinjaError('jinja-limit', 'The template is nested too deeply.', 1, 1)
    throw error
  }
}

/** A fresh global pattern that finds the tokens of a rendering. */
export const tokenPattern = (rendered: Pick<RenderedText, 'tokenPrefix'>): RegExp => tokensBeginningWith(rendered.tokenPrefix)

/** `text` with the tokens of `rendered` replaced by what they stand for. */
export function expandTokens(rendered: Pick<RenderedText, 'tokenPrefix' | 'pieces'>, text: string): string {
  return text.replace(tokenPattern(rendered), (token) => rendered.pieces.get(token)?.text ?? token)
}
