import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { hashPassword } from '@/lib/auth/password'
import { NewPassword } from '@/lib/auth/password-policy'
import { charge, linkLimits, refund } from '@/lib/auth/throttle'
import type { Visit } from '@/lib/auth/visit'
import type { Tx } from '@/lib/db/client'
import { isUniqueViolation } from '@/lib/db/unique-violation'
import { AppError } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { findInvitation, openInvitations, spentInvitation, type OpenInvitation } from './invitation'
import { lockProject } from './lock-project'
import { PersonName } from './name'

/** For somebody without an account. */
const NewPerson = z.object({ name: PersonName, password: NewPassword })

export interface Accepted {
  projectId: string
  roomId: string | null
  /** The address that the person is known by here. */
  email: string
  /** An account was made; the page signs in with the password just chosen. */
  created: boolean
}

/**
 * Takes an invitation, once: of two tabs that race, one wins. A signed-in person takes it as the invited address; a new
 * person gives `name` and `password` and gets an account; somebody with an account signs in first.
 * @throws AppError not-found, unauthenticated, forbidden when signed in as somebody else, invalid, TooManyAttempts
 */
export async function acceptInvitation(visit: Visit, input: { token: string; name?: string; password?: string }): Promise<Accepted> {
  const charged = await charge(visit.db, linkLimits(visit.client))
  const invitation = await findInvitation(visit.db, input.token)
  await refund(visit.db, charged)
  const { email } = invitation
  const signedInAs = visit.actor
  if (signedInAs && signedInAs.email !== email)
    throw new AppError('forbidden', 'This invitation is for another e-mail address. Sign out, then open its link again.')
  const person = signedInAs ? null : await newPerson(visit, email, input)

  const accept = visit.db.$transaction(async (tx) => {
    await lockProject(tx, invitation.project.id)
    await findInvitation(tx, input.token)
    const taken = await tx.invitation.updateMany({ where: { id: invitation.id, ...openInvitations() }, data: { acceptedAt: new Date() } })
    if (taken.count !== 1) throw spentInvitation()
    const userId = signedInAs?.userId ?? (await tx.user.create({ data: { email, sessionsFrom: new Date(), ...person }, select: { id: true } })).id
    await letIn(tx, invitation, userId)
    await record(tx, { requestId: visit.requestId, actor: { email } }, {
      action: 'invitation:accept',
      projectId: invitation.project.id,
      ...(invitation.room ? { roomId: invitation.room.id } : {}),
      target: userId,
      details: { invitation: invitation.id, created: person !== null },
    })
  })
  await accept.catch((error: unknown) => {
    // Meanwhile they have got an account another way.
    throw isUniqueViolation(error) && person ? hasAccount() : error
  })
  return { projectId: invitation.project.id, roomId: invitation.room?.id ?? null, email, created: person !== null }
}

const hasAccount = () => new AppError('unauthenticated', 'You have an account here. Sign in with the invited address, then open the link again.')

async function newPerson(visit: Visit, email: string, input: unknown): Promise<{ name: string; passwordHash: string }> {
  if (await visit.db.user.findUnique({ where: { email }, select: { id: true } })) throw hasAccount()
  const { name, password } = parseInput(NewPerson, input)
  return { name, passwordHash: await hashPassword(password) }
}

/** Gives what was promised; a role or grant that the person has come by meanwhile stays. */
async function letIn(tx: Tx, { project, room, role, grant }: OpenInvitation, userId: string): Promise<void> {
  await tx.projectMember.upsert({
    where: { projectId_userId: { projectId: project.id, userId } },
    create: { projectId: project.id, userId, role },
    update: {},
  })
  if (!room || !grant) return
  await tx.roomMember.upsert({
    where: { roomId_userId: { roomId: room.id, userId } },
    create: { roomId: room.id, userId, grant },
    update: {},
  })
}
