import { z } from 'zod'
import { record } from '@/lib/audit/record'
import type { Call } from '@/lib/call'
import { AppError } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { hashPassword, passwordMatches } from './password'
import { NewPassword } from './password-policy'
import { sessionsAfter } from './session'
import { charge, ownPasswordLimits, refund } from './throttle'

export const ChangePasswordInput = z.object({ current: z.string({ error: 'Give your password.' }), next: NewPassword })

/**
 * Changes the own password and ends all sessions, this one too: the page signs in again with the new password.
 * People who only sign in through a provider get no password this way, or a borrowed session could give itself one.
 * @throws AppError invalid, TooManyAttempts
 */
export async function changePassword(call: Call, input: unknown): Promise<void> {
  const { current, next } = parseInput(ChangePasswordInput, input)
  const { userId } = call.actor
  const charged = await charge(call.db, ownPasswordLimits(userId))
  const user = await call.db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } })
  const matches = await passwordMatches(user?.passwordHash ?? null, current)
  if (!matches || !user) {
    await record(call.db, call, { action: 'password:change', outcome: 'denied', target: userId })
    throw new AppError('invalid', 'Your password is not right.', { fields: { current: 'This is not your password.' } })
  }
  const passwordHash = await hashPassword(next)
  await call.db.$transaction(async (tx) => {
    // Against the hash that was checked: of two changes at once the second one starts from the wrong password.
    const changed = await tx.user.updateMany({
      where: { id: userId, passwordHash: user.passwordHash },
      data: { passwordHash, sessionsFrom: sessionsAfter() },
    })
    if (changed.count !== 1) throw new AppError('conflict', 'Your password was changed elsewhere a moment ago.')
    await record(tx, call, { action: 'password:change', target: userId })
  })
  await refund(call.db, charged)
}
