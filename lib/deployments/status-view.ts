import type { Deployment, DeploymentEvent } from '@/lib/db/generated/client'
import type { EventView, StatusView } from '@/lib/install/views'

export const statusView = (row: Deployment): StatusView => ({
  phase: row.phase,
  reason: row.reason,
  generation: row.generation,
  observedGeneration: row.observedGeneration,
  restarts: row.restarts,
  exitCode: row.exitCode,
  startedAt: row.startedAt?.toISOString() ?? null,
  imageDigest: row.imageDigest,
  attempts: row.attempts,
})

export const eventView = (row: DeploymentEvent): EventView => ({
  id: String(row.id),
  at: row.createdAt.toISOString(),
  phase: row.phase,
  message: row.message,
})
