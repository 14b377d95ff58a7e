import { record } from '@/lib/audit/record'
import { isId, requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { keepAnOwner } from './keep-somebody'
import { lockProject } from './lock-project'

/**
 * Takes somebody's grant in a room away. People may give up their own.
 * @throws AppError not-found, forbidden, conflict when it would leave the room without an owner
 */
export async function removeGrant(call: Call, input: { roomId: string; userId: string }): Promise<void> {
  const { roomId, userId } = input
  const permission = userId === call.actor.userId ? 'view:room' : 'manage:grants'
  const { project } = await requireRoom(call, roomId, permission)
  if (!isId(userId)) throw notFound('The person')
  await call.db.$transaction(async (tx) => {
    await lockProject(tx, project.id)
    await requireRoom({ actor: call.actor, db: tx }, roomId, permission)
    const removed = await tx.roomMember.deleteMany({ where: { roomId, userId } })
    if (removed.count !== 1) throw notFound('The person')
    await keepAnOwner(tx, [roomId])
    await record(tx, call, { action: 'grant:remove', projectId: project.id, roomId, target: userId })
  })
}
