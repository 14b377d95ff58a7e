import { createHash, randomBytes } from 'node:crypto'

/** A one-time token of 256 random bits, in base64url. It is handed out once; only its digest is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** SHA-256 in hex. Fast is right here: what is hashed is random, so there is nothing to guess. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
