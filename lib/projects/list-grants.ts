import type { RoomGrant } from '@/lib/authz/permission'
import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'

export interface Grant {
  userId: string
  email: string
  name: string | null
  grant: RoomGrant
}

/**
 * Who has a grant in a room, by e-mail address. Admins of the project need none and are not listed for it.
 * @throws AppError not-found
 */
export async function listGrants(call: Call, { roomId }: { roomId: string }): Promise<Grant[]> {
  await requireRoom(call, roomId, 'view:room')
  const grants = await call.db.roomMember.findMany({
    where: { roomId },
    orderBy: { user: { email: 'asc' } },
    select: { userId: true, grant: true, user: { select: { email: true, name: true } } },
  })
  return grants.map(({ user, ...grant }) => ({ ...grant, ...user }))
}
