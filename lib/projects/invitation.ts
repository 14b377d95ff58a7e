import type { Prisma } from '@/lib/db/generated/client'
import type { Tx } from '@/lib/db/client'
import type { ProjectRole, RoomGrant } from '@/lib/authz/permission'
import { can } from '@/lib/authz/permission'
import { AppError } from '@/lib/errors'
import { digest } from '@/lib/auth/token'

/** Milliseconds from invitation to expiry. */
export const invitationLasts = 7 * 24 * 60 * 60 * 1000

/** Invitations that can still be accepted. */
export const openInvitations = (now = new Date()): Prisma.InvitationWhereInput => ({
  acceptedAt: null,
  revokedAt: null,
  expiresAt: { gt: now },
})

/** One answer for links that are unknown, used, withdrawn, expired, or from somebody who may not invite any more. */
export const spentInvitation = (): AppError =>
  new AppError('not-found', 'This invitation is not good any more. Ask the person who sent it for a new one.')

export interface OpenInvitation {
  id: string
  email: string
  role: ProjectRole
  grant: RoomGrant | null
  project: { id: string; name: string }
  room: { id: string; name: string } | null
  invitedBy: { email: string; name: string | null }
}

/**
 * The open invitation of a link, if whoever made it may still invite so.
 * @throws AppError not-found
 */
export async function findInvitation(tx: Tx, token: unknown): Promise<OpenInvitation> {
  if (typeof token !== 'string' || token.length > 200) throw spentInvitation()
  const found = await tx.invitation.findFirst({
    where: { tokenHash: digest(token), ...openInvitations() },
    select: {
      id: true,
      email: true,
      role: true,
      grant: true,
      invitedById: true,
      project: { select: { id: true, name: true } },
      room: { select: { id: true, name: true } },
    },
  })
  if (!found) throw spentInvitation()
  const { invitedById: userId, ...invitation } = found
  const inviter = await tx.user.findUnique({
    where: { id: userId },
    select: {
      email: true,
      name: true,
      projectMembers: { where: { projectId: found.project.id }, select: { role: true } },
      roomMembers: { where: { roomId: { in: found.room ? [found.room.id] : [] } }, select: { grant: true } },
    },
  })
  const standing = { role: inviter?.projectMembers[0]?.role ?? null, grant: inviter?.roomMembers[0]?.grant ?? null }
  const still = found.room && found.role === 'member' ? can(standing, 'invite:person') : can(standing, 'manage:members')
  if (!inviter || !still) throw spentInvitation()
  return { ...invitation, invitedBy: { email: inviter.email, name: inviter.name } }
}
