import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { statusView } from '@/lib/deployments/status-view'
import type { ServiceSummary } from './views'

/** The services of a room. @throws AppError not-found, forbidden */
export async function listServices(call: Call, input: { roomId: string }): Promise<ServiceSummary[]> {
  const { room } = await requireRoom(call, input.roomId, 'view:service')
  const rows = await call.db.installation.findMany({
    where: { roomId: room.id, removedAt: null },
    include: { deployment: true },
    orderBy: [{ name: 'asc' }, { createdAt: 'asc' }],
  })
  return rows.flatMap((row) =>
    row.deployment ? [{ installationId: row.id, serviceId: row.serviceId, name: row.name, status: statusView(row.deployment) }] : [],
  )
}
