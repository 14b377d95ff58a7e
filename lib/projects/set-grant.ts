import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { roomGrants } from '@/lib/authz/permission'
import { isId, requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { keepAnOwner } from './keep-somebody'
import { lockProject } from './lock-project'

export const SetGrantInput = z.object({ roomId: z.string(), userId: z.string(), grant: z.enum(roomGrants) })
export type SetGrantInput = z.infer<typeof SetGrantInput>

/**
 * Gives somebody of the project a grant in a room, or changes it.
 * @throws AppError not-found (also for a person who is not in the project), forbidden, invalid,
 *   conflict when it would leave the room without an owner
 */
export async function setGrant(call: Call, input: SetGrantInput): Promise<void> {
  const { project } = await requireRoom(call, input.roomId, 'manage:grants')
  const { roomId, userId, grant } = parseInput(SetGrantInput, input)
  if (!isId(userId)) throw notFound('The person')
  await call.db.$transaction(async (tx) => {
    await lockProject(tx, project.id)
    await requireRoom({ actor: call.actor, db: tx }, roomId, 'manage:grants')
    const member = await tx.projectMember.findUnique({
      where: { projectId_userId: { projectId: project.id, userId } },
      select: { userId: true },
    })
    if (!member) throw notFound('The person')
    await tx.roomMember.upsert({ where: { roomId_userId: { roomId, userId } }, create: { roomId, userId, grant }, update: { grant } })
    await keepAnOwner(tx, [roomId])
    await record(tx, call, { action: 'grant:set', projectId: project.id, roomId, target: userId, details: { grant } })
  })
}
