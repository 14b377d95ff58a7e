import { createHash } from 'node:crypto'
import { z } from 'zod'

/** What a person accepted at the review of one text. */
export interface Consent {
  digest: string
  sourceUrl: string | null
  /** Whether the tick of this key was set. */
  accepted: (key: string) => boolean
}

/** Browsers drop cookies above 4 KiB with their name and attributes. */
const COOKIE_CHARACTERS = 3_500

const Stored = z.object({ digest: z.string(), sourceUrl: z.string().nullable(), ticks: z.array(z.string()) })

const mark = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 12)
const encode = (stored: z.infer<typeof Stored>): string => Buffer.from(JSON.stringify(stored)).toString('base64url')

/** The value of the cookie. What does not fit is left out, and so is asked again: ticks first, then the address. */
export function writeConsent(digest: string, sourceUrl: string | null, keys: readonly string[]): string {
  const fits = (value: string) => value.length <= COOKIE_CHARACTERS
  const address = fits(encode({ digest, sourceUrl, ticks: [] })) ? sourceUrl : null
  const ticks = keys.map(mark)
  while (!fits(encode({ digest, sourceUrl: address, ticks }))) ticks.pop()
  return encode({ digest, sourceUrl: address, ticks })
}

/** What `writeConsent` wrote for this digest; null for another text and for anything else. */
export function readConsentText(value: string | undefined, digest: string): Consent | null {
  if (value === undefined) return null
  try {
    const { ticks, ...stored } = Stored.parse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8')))
    const marks = new Set(ticks)
    return stored.digest === digest ? { ...stored, accepted: (key) => marks.has(mark(key)) } : null
  } catch {
    return null
  }
}
