import { unstable_rethrow } from 'next/navigation'
import { AppError, type ErrorCode, type FieldErrors } from '@/lib/errors'
import { log } from '@/lib/log'

/** What a server action answers. A failure carries the public half of the error only. */
export type ActionResult<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; message: string; fields: FieldErrors }

/**
 * Runs an action's work and translates what it throws. Causes and unexpected errors go to the log; Next's own signals
 * (redirects, not-found) pass through.
 */
export async function toActionResult<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    unstable_rethrow(error)
    if (!(error instanceof AppError)) {
      log.error('an action failed', { error })
      return { ok: false, code: 'internal', message: 'Something went wrong on the server. Try again; its log names the reason.', fields: {} }
    }
    if (error.cause !== undefined) log.warn('an action was refused', { error })
    return { ok: false, code: error.code, message: error.message, fields: error.fields }
  }
}
