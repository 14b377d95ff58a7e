import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { keyring } from '@/lib/crypto/keyring'
import { wakeReconciler } from '@/lib/deployments/wake'
import { parseInput } from '@/lib/parse-input'
import { roomSecret } from './secret-address'
import { MAX_SECRET_BYTES, putSecret } from './secret-store'
import { SecretValue } from './secret-value'

export const SetSecretRequest = z.strictObject({
  roomId: z.string(),
  owner: z.string().min(1).max(512),
  id: z.string().min(1).max(512),
  value: z.string().min(1, 'Enter a value.').max(MAX_SECRET_BYTES),
})
export type SetSecretRequest = z.infer<typeof SetSecretRequest>

/** Stores a room secret; services that waited for one are looked at again. @throws AppError not-found, forbidden, invalid */
export async function setSecret(call: Call, input: SetSecretRequest): Promise<{ version: number }> {
  const request = parseInput(SetSecretRequest, input)
  const { room } = await requireRoom(call, request.roomId, 'set:secret')
  const version = await call.db.$transaction(async (tx) => {
    const written = await putSecret(tx, keyring(), roomSecret(room.id, request.owner, request.id), {
      value: SecretValue.fromText(request.value),
      writtenBy: call.actor.email,
    })
    await tx.deployment.updateMany({ where: { phase: 'NeedsSecret', installation: { roomId: room.id } }, data: { nextAttemptAt: new Date() } })
    await record(tx, call, {
      action: 'secret:set',
      projectId: room.projectId,
      roomId: room.id,
      target: `${request.owner}/${request.id}`,
      details: { version: written },
    })
    return written
  })
  wakeReconciler()
  return { version }
}
