import type { z } from 'zod'
import { TextMap } from './scalars'

/** Free keys and values that tools agree on among themselves. */
export const Annotations = TextMap
export type Annotations = z.output<typeof Annotations>

/** Keys with a meaning here. */
export const annotation = {
  serviceId: 'meshagent.service.id',
  readme: 'meshagent.service.readme',
  storedTemplate: 'meshagent.service.template.yaml',
  storedValues: 'meshagent.service.template.values',
  schedule: 'meshagent.agent.schedule',
  heartbeat: 'meshagent.agent.heartbeat',
  databaseSchema: 'meshagent.agent.database.schema',
  datasetSchema: 'meshagent.agent.dataset.schema',
  events: 'meshagent.events.',
  request: 'meshagent.request.',
  secretId: 'meshagent.secret.id',
  secretIdentity: 'meshagent.secret.identity',
  secretName: 'meshagent.secret.name',
  secretType: 'meshagent.secret.type',
  routePort: 'meshagent.route.port',
} as const
