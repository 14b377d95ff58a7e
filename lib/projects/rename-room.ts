import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { requireRoom } from '@/lib/authz/require'
import { roomsWhere } from '@/lib/authz/where'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { RoomName } from './name'
import { refusingTakenName } from './taken-name'

export const RenameRoomInput = z.object({ roomId: z.string(), name: RoomName })

/** @throws AppError not-found, forbidden, invalid, conflict when the project has another room of that name */
export async function renameRoom(call: Call, input: { roomId: string; name: string }): Promise<void> {
  const { project } = await requireRoom(call, input.roomId, 'rename:room')
  const { roomId, name } = parseInput(RenameRoomInput, input)
  await refusingTakenName(() =>
    call.db.$transaction(async (tx) => {
      const renamed = await tx.room.updateMany({ where: { id: roomId, ...roomsWhere(call.actor, 'rename:room') }, data: { name } })
      if (renamed.count !== 1) throw notFound('The room')
      await record(tx, call, { action: 'room:rename', projectId: project.id, roomId, target: roomId })
    }),
  )
}
