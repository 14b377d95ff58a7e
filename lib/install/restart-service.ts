import { record } from '@/lib/audit/record'
import type { Call } from '@/lib/call'
import { wakeReconciler } from '@/lib/deployments/wake'
import { requireInstallation } from './require-installation'

/** Starts the service anew with what is stored now. @throws AppError not-found, forbidden */
export async function restartService(call: Call, input: { installationId: string }): Promise<void> {
  const { installation, place } = await requireInstallation(call, input.installationId, 'restart:service')
  await call.db.$transaction(async (tx) => {
    await tx.deployment.updateMany({
      where: { installationId: installation.id, desired: 'running' },
      data: { generation: { increment: 1 }, nextAttemptAt: new Date(), attempts: 0, phase: 'Pending', reason: 'Restarting.' },
    })
    await record(tx, call, { action: 'service:restart', ...place, target: installation.id, details: { service: installation.serviceId } })
  })
  wakeReconciler()
}
