import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { currentRuntimeView } from '@/lib/deployments/current-runtime'
import { statusView } from '@/lib/deployments/status-view'
import type { RuntimeView, ServiceSummary } from './views'

/** The services of a room, and what runs them. @throws AppError not-found, forbidden */
export async function listServices(call: Call, input: { roomId: string }): Promise<{ services: ServiceSummary[]; runtime: RuntimeView }> {
  const { room } = await requireRoom(call, input.roomId, 'view:service')
  const rows = await call.db.installation.findMany({
    where: { roomId: room.id, removedAt: null },
    include: { deployment: true },
    orderBy: [{ name: 'asc' }, { createdAt: 'asc' }],
  })
  const services = rows.flatMap((row) =>
    row.deployment ? [{ installationId: row.id, serviceId: row.serviceId, name: row.name, status: statusView(row.deployment) }] : [],
  )
  return { services, runtime: await currentRuntimeView() }
}
