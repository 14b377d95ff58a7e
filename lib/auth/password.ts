import { hash, verify } from '@node-rs/argon2'
import { fits } from './password-policy'

/**
 * argon2id as OWASP's password storage cheat sheet asks at least: 19 MiB, two passes, one lane.
 * argon2id and version 19 are the library's defaults; the PHC string carries all of it.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The PHC string of a password. */
export const hashPassword = (password: string): Promise<string> => hash(password, parameters)

let standIn: Promise<string> | undefined

/**
 * Whether the password is the one that was hashed. Without a hash (an unknown person, or one without a password)
 * the same work is done against a stand-in, so that the time taken tells nothing; the answer is then false.
 */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  if (!fits(password)) return false
  standIn ??= hashPassword('stand-in for people without a password')
  const matches = await verify(passwordHash ?? (await standIn), password)
  return passwordHash !== null && matches
}
