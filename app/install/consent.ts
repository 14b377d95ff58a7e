import { cookies } from 'next/headers'
import { requireActor } from '@/lib/auth/current-actor'
import { markOwn, ownText } from '@/lib/auth/own-text'
import { readConsentText, writeConsent, type Consent } from '@/lib/ui/consent-text'

/*
 * What a person accepted at the review lives in a cookie and not in the address: a link could otherwise lead past the
 * review with every warning ticked. It is marked as the server's own for that person, or another page of the host could set it.
 */

const DAY_S = 86_400

const cookieName = (digest: string) => `latchkey-review-${digest.slice(7, 23)}`

export async function rememberConsent(digest: string, sourceUrl: string | null, keys: readonly string[]): Promise<void> {
  const jar = await cookies()
  const { userId } = await requireActor()
  jar.set(cookieName(digest), markOwn(userId, writeConsent(digest, sourceUrl, keys)), { path: '/install', httpOnly: true, sameSite: 'lax', maxAge: DAY_S })
}

/** What was accepted for this very text; null when it was not reviewed in this browser. */
export async function readConsent(digest: string): Promise<Consent | null> {
  const { userId } = await requireActor()
  return readConsentText(ownText(userId, (await cookies()).get(cookieName(digest))?.value), digest)
}
