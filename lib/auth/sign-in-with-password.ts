import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { deviceOf } from './device-mark'
import { Email } from './email'
import { passwordMatches } from './password'
import { accountLimits, charge, refund } from './throttle'
import type { Visit } from './visit'

const Input = z.object({ email: Email, password: z.string() })

/** A visit that may carry the browser's device mark, from its cookie. */
export type SignInVisit = Omit<Visit, 'actor'> & { deviceMark: string | undefined }

/**
 * Who signs in with this e-mail address and password, or null: unknown, without a password, and wrong look and last alike.
 * Leaves an audit row either way; the address of an unknown person is not kept, since people type passwords there.
 * @throws TooManyAttempts
 */
export async function signInWithPassword(visit: SignInVisit, input: unknown): Promise<{ userId: string; email: string } | null> {
  const parsed = Input.safeParse(input)
  if (!parsed.success) return null
  const { email, password } = parsed.data
  const device = await deviceOf(visit.deviceMark, email)
  const charged = await charge(visit.db, accountLimits(email, visit.client, device))

  const user = await visit.db.user.findUnique({ where: { email }, select: { id: true, email: true, passwordHash: true } })
  const matches = await passwordMatches(user?.passwordHash ?? null, password)
  const signedIn = user !== null && matches
  if (signedIn) await refund(visit.db, charged)
  await record(visit.db, { requestId: visit.requestId, actor: { email: user?.email ?? 'nobody' } }, {
    action: 'sign-in',
    outcome: signedIn ? 'done' : 'denied',
    target: user?.id ?? 'unknown account',
    details: { method: 'password', client: visit.client },
  })
  return signedIn ? { userId: user.id, email: user.email } : null
}
