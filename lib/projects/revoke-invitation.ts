import { record } from '@/lib/audit/record'
import { isId } from '@/lib/authz/require'
import { projectsWhere, roomsWhere } from '@/lib/authz/where'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { openInvitations } from './invitation'

/**
 * Withdraws an open invitation: for admins of the project, and for those who may invite into its room.
 * @throws AppError not-found, alike for a missing, a foreign and a spent one
 */
export async function revokeInvitation(call: Call, { invitationId }: { invitationId: string }): Promise<void> {
  if (!isId(invitationId)) throw notFound('The invitation')
  const where = {
    id: invitationId,
    ...openInvitations(),
    OR: [{ project: projectsWhere(call.actor, 'manage:members') }, { room: roomsWhere(call.actor, 'invite:person') }],
  }
  await call.db.$transaction(async (tx) => {
    const invitation = await tx.invitation.findFirst({ where, select: { id: true, projectId: true, roomId: true } })
    const revoked = await tx.invitation.updateMany({ where, data: { revokedAt: new Date() } })
    if (!invitation || revoked.count !== 1) throw notFound('The invitation')
    const { id, projectId, roomId } = invitation
    await record(tx, call, { action: 'invitation:revoke', projectId, ...(roomId === null ? {} : { roomId }), target: id })
  })
}
