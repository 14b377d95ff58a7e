import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { listSecretMetadata, type SecretMetadata } from './secret-store'

/** What secrets a room holds, by owner, without values. @throws AppError not-found, forbidden */
export async function listSecrets(call: Call, input: { roomId: string }): Promise<SecretMetadata[]> {
  const { room } = await requireRoom(call, input.roomId, 'view:secret')
  return listSecretMetadata(call.db, room.id)
}
