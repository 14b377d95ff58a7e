import type { RoomGrant } from '@/lib/authz/permission'
import { requireProject } from '@/lib/authz/require'
import { roomsWhere } from '@/lib/authz/where'
import type { Call } from '@/lib/call'

export interface RoomSummary {
  id: string
  name: string
  /** The actor's own; an admin of the project needs none. */
  grant: RoomGrant | null
  /** Services that are installed. */
  services: number
  createdAt: Date
}

/**
 * The rooms of a project that the actor may see, by name.
 * @throws AppError not-found
 */
export async function listRooms(call: Call, { projectId }: { projectId: string }): Promise<RoomSummary[]> {
  await requireProject(call, projectId, 'view:project')
  const rooms = await call.db.room.findMany({
    where: { projectId, ...roomsWhere(call.actor, 'view:room') },
    orderBy: { name: 'asc' },
    select: {
      id: true,
      name: true,
      createdAt: true,
      members: { where: { userId: call.actor.userId }, select: { grant: true } },
      _count: { select: { installations: { where: { removedAt: null } } } },
    },
  })
  return rooms.map(({ members, _count, ...room }) => ({ ...room, grant: members[0]?.grant ?? null, services: _count.installations }))
}
