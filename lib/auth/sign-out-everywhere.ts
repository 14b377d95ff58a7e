import { record } from '@/lib/audit/record'
import type { Call } from '@/lib/call'
import { sessionsAfter } from './session'

/** Ends every session of the actor, this one included. (next-auth's `signOut` ends this one alone.) */
export async function signOutEverywhere(call: Call): Promise<void> {
  const { userId } = call.actor
  await call.db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: userId }, data: { sessionsFrom: sessionsAfter() } })
    await record(tx, call, { action: 'sign-out', target: userId, details: { everywhere: true } })
  })
}
