import { randomUUID } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { authSecret } from './auth-secret'
import { digest } from './token'

/** Cookie of a browser that has signed in with a password before. It proves nothing; it only earns a count of its own (throttle.ts). */
export const deviceCookie = 'latchkey.device'
/** Seconds. */
export const deviceCookieAge = 180 * 24 * 60 * 60

/** A new mark for this browser and this account. */
export const markDevice = (email: string): Promise<string> =>
  encode({ token: { sub: digest(email), device: randomUUID() }, secret: authSecret(), salt: deviceCookie, maxAge: deviceCookieAge })

/** The id of the mark, when it is genuine and was given for this account; else null. */
export async function deviceOf(mark: string | undefined, email: string): Promise<string | null> {
  if (mark === undefined || mark === '') return null
  try {
    const token = await decode({ token: mark, secret: authSecret(), salt: deviceCookie })
    return token?.sub === digest(email) && typeof token['device'] === 'string' ? token['device'] : null
  } catch {
    return null
  }
}
