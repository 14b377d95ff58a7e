import { record } from '@/lib/audit/record'
import { isId, requireProject } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { keepAnAdmin, keepAnOwner } from './keep-somebody'
import { lockProject } from './lock-project'

/**
 * Takes a person out of a project, with all grants in its rooms. People may leave by themselves.
 * @throws AppError not-found, forbidden, conflict when it would leave the project without an admin or a room without an owner
 */
export async function removeMember(call: Call, input: { projectId: string; userId: string }): Promise<void> {
  const { projectId, userId } = input
  const permission = userId === call.actor.userId ? 'view:project' : 'manage:members'
  await requireProject(call, projectId, permission)
  if (!isId(userId)) throw notFound('The person')
  await call.db.$transaction(async (tx) => {
    await lockProject(tx, projectId)
    await requireProject({ actor: call.actor, db: tx }, projectId, permission)
    const owned = await tx.roomMember.findMany({ where: { userId, grant: 'owner', room: { projectId } }, select: { roomId: true } })
    await tx.roomMember.deleteMany({ where: { userId, room: { projectId } } })
    const removed = await tx.projectMember.deleteMany({ where: { projectId, userId } })
    if (removed.count !== 1) throw notFound('The person')
    await keepAnAdmin(tx, projectId)
    await keepAnOwner(tx, owned.map(({ roomId }) => roomId))
    await record(tx, call, { action: 'member:remove', projectId, target: userId })
  })
}
