export type JinjaErrorCode = 'jinja-syntax' | 'jinja-runtime' | 'jinja-limit'

/** A template that cannot be rendered. The position is 1-based, in the source as given; the message holds no input value. */
export class JinjaError extends Error {
  override readonly name = 'JinjaError'

  constructor(
    readonly code: JinjaErrorCode,
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message)
  }
}
