import type { ProjectRole, RoomGrant } from '@/lib/authz/permission'
import { requireProject, requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { openInvitations } from './invitation'

export interface InvitationSummary {
  id: string
  email: string
  role: ProjectRole
  room: { id: string; name: string } | null
  grant: RoomGrant | null
  expiresAt: Date
}

/**
 * Open invitations, newest first: of a project for its admins, or of one room for those who may invite into it.
 * @throws AppError not-found, forbidden
 */
export async function listInvitations(call: Call, { projectId, roomId }: { projectId: string; roomId?: string }): Promise<InvitationSummary[]> {
  if (roomId === undefined) await requireProject(call, projectId, 'manage:members')
  else if ((await requireRoom(call, roomId, 'invite:person')).project.id !== projectId) throw notFound('The room')
  return await call.db.invitation.findMany({
    where: { projectId, ...(roomId === undefined ? {} : { roomId }), ...openInvitations() },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: { id: true, email: true, role: true, grant: true, expiresAt: true, room: { select: { id: true, name: true } } },
  })
}
