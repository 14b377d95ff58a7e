import { can, roomPolicy, type ProjectRole, type RoomGrant, type RoomPermission } from '@/lib/authz/permission'
import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'

export interface RoomView {
  id: string
  name: string
  project: { id: string; name: string }
  role: ProjectRole
  grant: RoomGrant | null
  /** What the actor may do here, so that pages offer nothing else. */
  allowed: RoomPermission[]
}

/** @throws AppError not-found */
export async function getRoom(call: Call, { roomId }: { roomId: string }): Promise<RoomView> {
  const { room, project, standing } = await requireRoom(call, roomId, 'view:room')
  const permissions = Object.keys(roomPolicy) as RoomPermission[]
  return { id: room.id, name: room.name, project, ...standing, allowed: permissions.filter((permission) => can(standing, permission)) }
}
