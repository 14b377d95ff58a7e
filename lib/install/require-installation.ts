import { isId, requireRoom } from '@/lib/authz/require'
import type { RoomPermission } from '@/lib/authz/permission'
import { roomsWhere } from '@/lib/authz/where'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'

/**
 * The installation, if the actor may do that in its room.
 * @throws AppError not-found, alike for a foreign, a removed and a missing one; forbidden
 */
export async function requireInstallation(call: Call, installationId: string, permission: RoomPermission) {
  const installation = isId(installationId)
    ? await call.db.installation.findFirst({
        where: { id: installationId, removedAt: null, room: roomsWhere(call.actor, 'view:room') },
        include: { deployment: true },
      })
    : null
  if (!installation) throw notFound('The service')
  const { room, project } = await requireRoom(call, installation.roomId, permission)
  return { installation, place: { roomId: room.id, projectId: project.id } }
}
