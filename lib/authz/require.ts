import { z } from 'zod'
import type { Call } from '@/lib/call'
import type { Database, Tx } from '@/lib/db/client'
import { AppError, notFound } from '@/lib/errors'
import { can, type ProjectPermission, type ProjectRole, type RoomGrant, type RoomPermission, type Standing } from './permission'
import { projectsWhere, roomsWhere } from './where'

/** A call as the checks need it: inside a transaction they look through the transaction. */
export type Asking = Pick<Call, 'actor'> & { db: Database | Tx }

export interface ProjectPlace {
  project: { id: string; name: string }
  standing: Standing & { role: ProjectRole }
}

export interface RoomPlace {
  room: { id: string; name: string; projectId: string }
  project: { id: string; name: string }
  standing: Standing & { role: ProjectRole }
}

/** An id that is no UUID names nothing: it never reaches the database, which would fail on it. */
export const isId = (text: unknown): text is string => z.uuid().safeParse(text).success

const notAllowed = (): AppError => new AppError('forbidden', 'Your role here does not allow that.')

/**
 * The project, if the actor may do that in it. Rows of other people's projects are never loaded.
 * @throws AppError not-found, alike for a foreign and a missing project; forbidden when the actor sees it but may not do that
 */
export async function requireProject(call: Asking, projectId: string, permission: ProjectPermission): Promise<ProjectPlace> {
  const found = isId(projectId)
    ? await call.db.project.findFirst({
        where: { id: projectId, ...projectsWhere(call.actor, 'view:project') },
        select: { id: true, name: true, members: { where: { userId: call.actor.userId }, select: { role: true } } },
      })
    : null
  const role = found?.members[0]?.role
  if (!found || !role) throw notFound('The project')
  const standing = { role, grant: null }
  if (!can(standing, permission)) throw notAllowed()
  return { project: { id: found.id, name: found.name }, standing }
}

/**
 * The room, if the actor may do that in it. Rows of rooms that the actor has no access to are never loaded.
 * @throws AppError not-found, alike for a foreign and a missing room; forbidden when the actor sees it but may not do that
 */
export async function requireRoom(call: Asking, roomId: string, permission: RoomPermission): Promise<RoomPlace> {
  const { userId } = call.actor
  const found = isId(roomId)
    ? await call.db.room.findFirst({
        where: { id: roomId, ...roomsWhere(call.actor, 'view:room') },
        select: {
          id: true,
          name: true,
          project: { select: { id: true, name: true, members: { where: { userId }, select: { role: true } } } },
          members: { where: { userId }, select: { grant: true } },
        },
      })
    : null
  const role = found?.project.members[0]?.role
  if (!found || !role) throw notFound('The room')
  const grant: RoomGrant | null = found.members[0]?.grant ?? null
  const standing = { role, grant }
  if (!can(standing, permission)) throw notAllowed()
  const { project } = found
  return {
    room: { id: found.id, name: found.name, projectId: project.id },
    project: { id: project.id, name: project.name },
    standing,
  }
}

/**
 * For what concerns the server as a whole. It opens no project and no room.
 * @throws AppError forbidden
 */
export function requireServerAdmin(call: Pick<Call, 'actor'>): void {
  if (!call.actor.serverAdmin) throw new AppError('forbidden', 'Only an admin of this server may do that.')
}
