import { z } from 'zod'

/** An address as it is stored and compared: trimmed and lower case, at most 254 characters (RFC 5321, 4.5.3.1). */
export const Email = z
  .string({ error: 'Give an e-mail address.' })
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.email('Give an e-mail address like name@example.com.').max(254, 'An e-mail address has at most 254 characters.'))
