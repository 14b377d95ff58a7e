import type { Call } from '@/lib/call'
import { db } from '@/lib/db/client'
import { createProject } from '@/lib/projects/create-project'
import { createRoom } from '@/lib/projects/create-room'

export interface Workplace {
  owner: Call
  roomId: string
}

/** A person with a room, on the database of the data directory. */
export async function makeWorkplace(): Promise<Workplace> {
  const email = 'bench@example.com'
  const user = await db().user.create({ data: { email } })
  const owner: Call = { db: db(), actor: { userId: user.id, email, serverAdmin: false }, requestId: 'bench' }
  const { projectId } = await createProject(owner, { name: 'Bench' })
  const { roomId } = await createRoom(owner, { projectId, name: 'Bench' })
  return { owner, roomId }
}
