import { z } from 'zod'

/** In characters; NIST SP 800-63B asks for length and for no rules of composition. */
export const shortestPassword = 10
/** In bytes of UTF-8: bounds the work of hashing. */
export const longestPassword = 512

/** A new password. Nothing is trimmed or changed. */
export const NewPassword = z
  .string({ error: 'Choose a password.' })
  .refine((text) => [...text].length >= shortestPassword, `A password has at least ${shortestPassword} characters.`)
  .refine((text) => fits(text), `A password has at most ${longestPassword} bytes.`)

/** Whether a text may be a password at all; what does not fit is not hashed. */
export const fits = (text: string): boolean => new TextEncoder().encode(text).length <= longestPassword
