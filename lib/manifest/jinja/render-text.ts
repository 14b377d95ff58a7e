import { JinjaError } from './errors'
import { DEFAULT_LIMITS, type Limits } from './limits'

export { JinjaError, type JinjaErrorCode } from './errors'
export { DEFAULT_LIMITS, type Limits } from './limits'

/** What one print put into the text: `token` stands in the rendered text where `text` belongs. */
export interface Piece {
  readonly token: string
  readonly text: string
  /** The variables that the text derives from. */
  readonly variables: ReadonlySet<string>
  readonly line: number
  readonly column: number
}

/** A condition, loop or choice that depends on the content of variables, not merely on whether they are given. */
export interface Decision {
  readonly variables: ReadonlySet<string>
  readonly line: number
  readonly column: number
}

export interface Position {
  readonly line: number
  readonly column: number
}

export interface RenderedText {
  readonly text: string
  readonly pieces: ReadonlyMap<string, Piece>
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
}

const COUNTER_DIGITS = 6

/** A fresh global pattern that finds the tokens of a rendering. */
export function tokenPattern(rendered: Pick<RenderedText, 'tokenPrefix'>): RegExp {
  return new RegExp(`${rendered.tokenPrefix}[0-9]{${COUNTER_DIGITS}}`, 'g')
}

/** `text` with the tokens of `rendered` replaced by what they stand for. */
export function expandTokens(rendered: Pick<RenderedText, 'tokenPrefix' | 'pieces'>, text: string): string {
  return text.replace(tokenPattern(rendered), (token) => rendered.pieces.get(token)?.text ?? token)
}

/** First cut: text and `{{ name }}`. */
export function renderText(source: string, values: Readonly<Record<string, string>>, options: RenderOptions = {}): RenderedText {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  if (source.length > limits.sourceBytes) throw new JinjaError('jinja-limit', 'The template is too long.', 1, 1)
  const tokenPrefix = 'q' + Array.from(crypto.getRandomValues(new Uint8Array(14)), (byte) => String.fromCharCode(97 + (byte % 16))).join('')
  const pieces = new Map<string, Piece>()
  const text = source.replace(/\r\n?/g, '\n').replace(/\n$/, '').replace(/\{\{[-+]?\s*([A-Za-z_]\w*)\s*[-+]?\}\}/g, (_, name: string, offset: number) => {
    const token = tokenPrefix + String(pieces.size).padStart(COUNTER_DIGITS, '0')
    const before = source.slice(0, offset).split('\n')
    const text = Object.hasOwn(values, name) ? (values[name] ?? '') : ''
    pieces.set(token, { token, text, variables: new Set([name]), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 })
    return token
  })
  return { text, pieces, decisions: [], tokenPrefix, sourcePosition: (line, column) => ({ line, column }) }
}
