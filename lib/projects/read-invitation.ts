import { charge, linkLimits, refund } from '@/lib/auth/throttle'
import type { Visit } from '@/lib/auth/visit'
import { findInvitation, type OpenInvitation } from './invitation'

export interface InvitationView extends Omit<OpenInvitation, 'id'> {
  /** What stands between the person and accepting: nothing, signing in as `email`, signing out first, or a new account. */
  next: 'accept' | 'sign-in' | 'sign-out' | 'choose-password'
}

/**
 * What an invitation link offers, for whoever holds it.
 * @throws AppError not-found when it is not good any more, TooManyAttempts
 */
export async function readInvitation(visit: Visit, { token }: { token: string }): Promise<InvitationView> {
  const charged = await charge(visit.db, linkLimits(visit.client))
  const { id: _, ...invitation } = await findInvitation(visit.db, token)
  await refund(visit.db, charged)
  if (visit.actor) return { ...invitation, next: visit.actor.email === invitation.email ? 'accept' : 'sign-out' }
  const user = await visit.db.user.findUnique({ where: { email: invitation.email }, select: { id: true } })
  return { ...invitation, next: user ? 'sign-in' : 'choose-password' }
}
