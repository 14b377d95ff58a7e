import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { requireProject } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { parseInput } from '@/lib/parse-input'
import { lockProject } from './lock-project'
import { RoomName } from './name'
import { refusingTakenName } from './taken-name'

export const CreateRoomInput = z.object({ projectId: z.string(), name: RoomName })

/**
 * Makes a room; who makes it is its owner.
 * @throws AppError not-found, forbidden, invalid, conflict when the project has a room of that name
 */
export async function createRoom(call: Call, input: { projectId: string; name: string }): Promise<{ roomId: string }> {
  await requireProject(call, input.projectId, 'create:room')
  const { projectId, name } = parseInput(CreateRoomInput, input)
  const { userId } = call.actor
  return await refusingTakenName(() =>
    call.db.$transaction(async (tx) => {
      await lockProject(tx, projectId)
      await requireProject({ actor: call.actor, db: tx }, projectId, 'create:room')
      const room = await tx.room.create({
        data: { projectId, name, members: { create: { userId, grant: 'owner' } } },
        select: { id: true },
      })
      await record(tx, call, { action: 'room:create', projectId, roomId: room.id, target: room.id })
      return { roomId: room.id }
    }),
  )
}
