import { z } from 'zod'
import { Agent } from './agent'
import { ContainerTemplate } from './container'
import { Port } from './port'
import { oneOf, optional, Text } from './scalars'
import { Metadata, SeedFile } from './service'
import { Variable } from './variable'

/** A service as its author writes it, after rendering: with variables, and without what only a running service has. */
export const ServiceTemplate = z.strictObject({
  version: oneOf('v1'),
  kind: oneOf('ServiceTemplate'),
  metadata: Metadata,
  agents: optional(z.array(Agent)),
  variables: optional(z.array(Variable)),
  ports: optional(z.array(Port)),
  files: optional(z.array(SeedFile)),
  container: optional(ContainerTemplate),
  external: optional(z.strictObject({ url: Text })),
})
export type ServiceTemplate = z.output<typeof ServiceTemplate>
