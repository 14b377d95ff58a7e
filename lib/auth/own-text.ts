import { isMac, mac } from '@/lib/crypto/mac'
import { authSecret } from './auth-secret'

const parts = (userId: string, text: string): string[] => ['latchkey/own-text/v1', userId, text]

/**
 * A text for a cookie of this person, marked as written by this server. Other ports and sibling names of a host can set its
 * cookies, a service's web page among them.
 */
export const markOwn = (userId: string, text: string): string => `${mac(authSecret(), parts(userId, text))}.${text}`

/** The text that `markOwn` marked for this person; undefined for anything else. */
export function ownText(userId: string, marked: string | undefined): string | undefined {
  const [, given, text] = /^([\w-]{43})\.(.*)$/s.exec(marked ?? '') ?? []
  return given !== undefined && text !== undefined && isMac(given, authSecret(), parts(userId, text)) ? text : undefined
}
