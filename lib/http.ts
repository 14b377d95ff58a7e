import { AppError, errorTable } from './errors'
import { log } from './log'

/** A JSON answer that no cache keeps. */
export const json = (body: unknown, status = 200): Response => Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

/**
 * The answer to a failed request: `{ error, code, fields? }` with the public half of the error. Causes and unexpected errors
 * go to the log.
 */
export function toResponse(error: unknown): Response {
  if (!(error instanceof AppError)) {
    log.error('a request failed', { error })
    return json({ error: 'Something went wrong on the server. Try again; its log names the reason.', code: 'internal' }, 500)
  }
  if (error.cause !== undefined) log.warn('a request was refused', { error })
  const { code, message, fields } = error
  return json({ error: message, code, ...(Object.keys(fields).length > 0 ? { fields } : {}) }, errorTable[code].status)
}
