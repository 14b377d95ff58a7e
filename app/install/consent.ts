import { createHash } from 'node:crypto'
import { cookies } from 'next/headers'
import { z } from 'zod'
import type { Tick } from '@/lib/install/views'

/**
 * What a person accepted at the review. It lives in a cookie and not in the address, because a link could otherwise
 * lead past the review with every warning ticked.
 */
const Consent = z.object({ digest: z.string(), sourceUrl: z.string().nullable(), ticks: z.array(z.string()) })

const DAY = 86_400
/** Browsers drop cookies above 4 KiB; what does not fit is asked again. */
const COOKIE_BYTES = 3_500

const cookieName = (digest: string) => `latchkey-review-${digest.slice(7, 23)}`
const mark = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 12)

export async function rememberConsent(digest: string, sourceUrl: string | null, accepted: readonly string[]): Promise<void> {
  const room = COOKIE_BYTES - 4 * Math.ceil(((sourceUrl?.length ?? 0) + 200) / 3)
  const consent = { digest, sourceUrl, ticks: accepted.slice(0, Math.max(0, Math.floor(room / 20))).map(mark) }
  const value = Buffer.from(JSON.stringify(consent)).toString('base64url')
  ;(await cookies()).set(cookieName(digest), value, { path: '/install', httpOnly: true, sameSite: 'lax', maxAge: DAY })
}

/** What was accepted for this very text; null when it was not reviewed in this browser. */
export async function readConsent(digest: string): Promise<{ sourceUrl: string | null; accepted: (tick: Tick) => boolean } | null> {
  const cookie = (await cookies()).get(cookieName(digest))?.value
  if (cookie === undefined) return null
  try {
    const consent = Consent.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8')))
    if (consent.digest !== digest) return null
    const marks = new Set(consent.ticks)
    return { sourceUrl: consent.sourceUrl, accepted: (tick) => marks.has(mark(tick.key)) }
  } catch {
    return null
  }
}
