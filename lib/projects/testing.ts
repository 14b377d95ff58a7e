import { randomUUID } from 'node:crypto'
import type { Actor } from '@/lib/auth/actor'
import { digest, newToken } from '@/lib/auth/token'
import type { Visit } from '@/lib/auth/visit'
import type { ProjectRole, RoomGrant } from '@/lib/authz/permission'
import type { Call } from '@/lib/call'
import type { Database } from '@/lib/db/client'
import { AppError } from '@/lib/errors'
import { invitationLasts } from './invitation'

/** For tests: people, and a project with a room in which they stand. */

export async function person(db: Database, name: string): Promise<Actor> {
  const user = await db.user.create({ data: { email: `${name}-${randomUUID().slice(0, 8)}@example.com`, name } })
  return { userId: user.id, email: user.email, serverAdmin: false }
}

export const callOf = (db: Database, actor: Actor): Call => ({ db, actor, requestId: 'test' })
export const visitOf = (db: Database, actor: Actor | null): Visit => ({ db, actor, requestId: 'test', client: null })

export async function join(db: Database, { userId }: Actor, projectId: string, role: ProjectRole, room?: { id: string; grant: RoomGrant }): Promise<void> {
  await db.projectMember.create({ data: { projectId, userId, role } })
  if (room) await db.roomMember.create({ data: { roomId: room.id, userId, grant: room.grant } })
}

export const standings = ['project admin', 'developer', 'member', 'room owner', 'room member', 'stranger', 'nobody'] as const
export type StandingName = (typeof standings)[number]

export interface World {
  people: Record<StandingName, Actor>
  /** A developer with a member's grant, to whom things are done. */
  colleague: Actor
  projectId: string
  roomId: string
  invitationId: string
  inviteToken: string
  invitedEmail: string
}

/** The stranger is the admin of a project of their own; nobody has no account at all. */
export async function makeWorld(db: Database): Promise<World> {
  const [admin, developer, member, owner, roomMember, stranger, colleague] = await Promise.all(
    ['admin', 'developer', 'member', 'owner', 'room-member', 'stranger', 'colleague'].map((name) => person(db, name)),
  )
  if (!admin || !developer || !member || !owner || !roomMember || !stranger || !colleague) throw new Error('People are missing.')
  const project = await db.project.create({ data: { name: 'Ours', ownerUserId: admin.userId } })
  const theirs = await db.project.create({ data: { name: 'Theirs', ownerUserId: stranger.userId } })
  const room = await db.room.create({ data: { projectId: project.id, name: 'Kitchen' } })
  await join(db, admin, project.id, 'admin')
  await join(db, developer, project.id, 'developer')
  await join(db, member, project.id, 'member')
  await join(db, owner, project.id, 'member', { id: room.id, grant: 'owner' })
  await join(db, roomMember, project.id, 'member', { id: room.id, grant: 'member' })
  await join(db, colleague, project.id, 'developer', { id: room.id, grant: 'member' })
  await join(db, stranger, theirs.id, 'admin')
  const token = newToken()
  const invitedEmail = `invited-${randomUUID().slice(0, 8)}@example.com`
  const invitation = await db.invitation.create({
    data: {
      tokenHash: digest(token),
      email: invitedEmail,
      projectId: project.id,
      role: 'member',
      roomId: room.id,
      grant: 'member',
      invitedById: owner.userId,
      expiresAt: new Date(Date.now() + invitationLasts),
    },
  })
  return {
    people: {
      'project admin': admin,
      developer,
      member,
      'room owner': owner,
      'room member': roomMember,
      stranger,
      nobody: { userId: randomUUID(), email: 'nobody@example.com', serverAdmin: false },
    },
    colleague,
    projectId: project.id,
    roomId: room.id,
    invitationId: invitation.id,
    inviteToken: token,
    invitedEmail,
  }
}

/** Everything that the verbs of this folder may change, in one comparable value. */
export async function placesOf(db: Database): Promise<string> {
  const rows = await Promise.all([
    db.project.findMany({ orderBy: { id: 'asc' } }),
    db.room.findMany({ orderBy: { id: 'asc' } }),
    db.projectMember.findMany({ orderBy: [{ projectId: 'asc' }, { userId: 'asc' }] }),
    db.roomMember.findMany({ orderBy: [{ roomId: 'asc' }, { userId: 'asc' }] }),
    db.invitation.findMany({ orderBy: { id: 'asc' } }),
    db.user.findMany({ orderBy: { id: 'asc' } }),
  ])
  return JSON.stringify(rows)
}

/** What an AppError shows to the outside; `ok` when the work is done. Anything else is thrown on. */
export async function outcomeOf(work: Promise<unknown>): Promise<{ code: string; message: string; fields: unknown; value?: unknown }> {
  try {
    return { code: 'ok', message: '', fields: {}, value: await work }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, message: error.message, fields: error.fields }
  }
}
