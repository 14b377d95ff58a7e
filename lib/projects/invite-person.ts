import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { Email } from '@/lib/auth/email'
import { digest, newToken } from '@/lib/auth/token'
import { projectRoles, roomGrants } from '@/lib/authz/permission'
import { requireProject, requireRoom, type Asking } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { env } from '@/lib/env'
import { AppError, notFound } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { invitationLasts, openInvitations } from './invitation'
import { lockProject } from './lock-project'

export const InvitePersonInput = z
  .object({
    projectId: z.string(),
    email: Email,
    role: z.enum(projectRoles),
    /** A room of the project to let them into at once. */
    roomId: z.string().optional(),
    grant: z.enum(roomGrants).optional(),
  })
  .refine((input) => (input.roomId === undefined) === (input.grant === undefined), {
    path: ['grant'],
    message: 'A room and a grant in it go together.',
  })
export type InvitePersonInput = z.input<typeof InvitePersonInput>

/** Whoever may let people into a room may bring in members for it; anything more is for the project's admins. */
async function authorize(asking: Asking, { projectId, roomId, role }: Pick<InvitePersonInput, 'projectId' | 'roomId' | 'role'>): Promise<void> {
  if (roomId !== undefined) {
    const { project } = await requireRoom(asking, roomId, 'invite:person')
    if (project.id !== projectId) throw notFound('The room')
  }
  if (roomId === undefined || role !== 'member') await requireProject(asking, projectId, 'manage:members')
}

/**
 * Makes an invitation for one e-mail address and returns its link, this once; the inviter sends it. It is good once and
 * for seven days, and replaces an earlier open one of the same address for the same place.
 * @throws AppError not-found, forbidden, invalid, conflict when that person has this access already
 */
export async function invitePerson(call: Call, input: InvitePersonInput): Promise<{ invitationId: string; link: string; expiresAt: Date }> {
  await authorize(call, input)
  const { projectId, email, role, roomId = null, grant = null } = parseInput(InvitePersonInput, input)
  const token = newToken()
  const now = new Date()
  const expiresAt = new Date(now.getTime() + invitationLasts)
  const invitationId = await call.db.$transaction(async (tx) => {
    await lockProject(tx, projectId)
    await authorize({ actor: call.actor, db: tx }, input)
    const inside = await tx.projectMember.findFirst({ where: { projectId, user: { email } }, select: { userId: true } })
    const message = 'This person is in the project already.'
    if (inside) throw new AppError('conflict', message, { fields: { email: message } })
    await tx.invitation.updateMany({ where: { projectId, email, roomId, ...openInvitations(now) }, data: { revokedAt: now } })
    const made = await tx.invitation.create({
      data: { tokenHash: digest(token), email, projectId, role, roomId, grant, invitedById: call.actor.userId, createdAt: now, expiresAt },
      select: { id: true },
    })
    await record(tx, call, {
      action: 'invitation:create',
      projectId,
      ...(roomId === null ? {} : { roomId }),
      target: made.id,
      details: { email, role, grant },
    })
    return made.id
  })
  return { invitationId, link: `${env().origin}/invite?token=${token}`, expiresAt }
}
