import { z } from 'zod'
import { record } from '@/lib/audit/record'
import type { Call } from '@/lib/call'
import { wakeReconciler } from '@/lib/deployments/wake'
import { AppError } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { roomSecret } from '@/lib/secrets/secret-address'
import { deleteSecret } from '@/lib/secrets/secret-store'
import { ClearRecord } from './clear-record'
import { sameSecret } from './installed'
import { requireInstallation } from './require-installation'

export const UninstallRequest = z.strictObject({
  installationId: z.string(),
  /** Of the secrets that this installation stored: those that go with it. */
  deleteSecrets: z.array(z.strictObject({ owner: z.string(), id: z.string() })).max(1000),
})
export type UninstallRequest = z.infer<typeof UninstallRequest>

/**
 * Says that the service should be gone, and deletes the chosen secrets, in one transaction. The reconciler stops what runs.
 * Uninstalling again is harmless.
 * @throws AppError invalid when a secret is named that this service did not store.
 */
export async function uninstallService(call: Call, input: UninstallRequest): Promise<void> {
  const request = parseInput(UninstallRequest, input)
  const { installation, place } = await requireInstallation(call, request.installationId, 'uninstall:service')
  const { writes } = ClearRecord.parse(installation.clear)
  const chosen = request.deleteSecrets.map(({ owner, id }) => ({ identity: owner, id }))
  if (!chosen.every((secret) => writes.some((write) => sameSecret(write, secret))))
    throw new AppError('invalid', 'Only secrets that this service stored can be deleted with it.')
  await call.db.$transaction(async (tx) => {
    // The lock of installs: an update that is under way must not make the service run again.
    await tx.$queryRaw`SELECT 1 FROM "Room" WHERE "id" = ${place.roomId}::uuid FOR UPDATE`
    await tx.deployment.updateMany({
      where: { installationId: installation.id, NOT: { phase: 'Removed' } },
      data: { desired: 'removed', generation: { increment: 1 }, nextAttemptAt: new Date(), attempts: 0, reason: 'Uninstalling.' },
    })
    for (const secret of chosen)
      if (await deleteSecret(tx, roomSecret(place.roomId, secret.identity, secret.id)))
        await record(tx, call, { action: 'secret:delete', ...place, target: `${secret.identity}/${secret.id}` })
    await record(tx, call, { action: 'service:uninstall', ...place, target: installation.id, details: { service: installation.serviceId } })
  })
  wakeReconciler()
}
