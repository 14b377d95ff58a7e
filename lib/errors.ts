/** Every failure that a person or a client may see has one of these codes. */
export type ErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'too-many-attempts'
  | 'unavailable'
  | 'secret-unreadable'
  | 'storage'
  | 'internal'

/** The one table from codes to HTTP statuses and to the room protocol's error codes (contract: 1001 denied, 1002 invalid, ...). */
export const errorTable: Record<ErrorCode, { status: number; room: number }> = {
  unauthenticated: { status: 401, room: 1001 },
  forbidden: { status: 403, room: 1001 },
  'not-found': { status: 404, room: 1003 },
  invalid: { status: 400, room: 1002 },
  conflict: { status: 409, room: 1005 },
  'too-many-attempts': { status: 429, room: 1006 },
  unavailable: { status: 503, room: 1008 },
  'secret-unreadable': { status: 500, room: 1008 },
  storage: { status: 507, room: 1008 },
  internal: { status: 500, room: 1008 },
}

/** Messages by form field, for the form that sent them. */
export type FieldErrors = Readonly<Record<string, string>>

/**
 * The only error that crosses into a response. `message` is public and holds no input value; `cause` is for the log.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: FieldErrors
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; fields?: FieldErrors } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.fields = options.fields ?? {}
  }
}

/** The answer to a foreign id and to a missing one alike. */
export const notFound = (what: string): AppError => new AppError('not-found', `${what} was not found, or you have no access to it.`)
