import { z } from 'zod'
import { Agent } from './agent'
import { Annotations } from './annotations'
import { Container } from './container'
import { Port } from './port'
import { oneOf, optional, Text } from './scalars'

export const Metadata = z.strictObject({
  name: Text,
  description: optional(Text),
  repo: optional(Text),
  icon: optional(Text),
  annotations: optional(Annotations),
})
export const SeedFile = z.strictObject({ path: Text, text: Text })

/** A service as a room keeps and runs it. */
export const Service = z.strictObject({
  version: oneOf('v1'),
  kind: oneOf('Service'),
  id: optional(Text),
  metadata: Metadata,
  agents: optional(z.array(Agent)),
  ports: optional(z.array(Port)).default([]),
  files: optional(z.array(SeedFile)),
  container: optional(Container),
  external: optional(z.strictObject({ url: optional(Text) })),
})
type Parsed = WithoutNull<z.output<typeof Service>>
/** Made from a template that has no ports, a service has no list of them either, as in the reference. */
export type Service = Omit<Parsed, 'ports'> & Partial<Pick<Parsed, 'ports'>>

/** Nulls are left out of a service; only free data (`unknown`) keeps its own. */
export type WithoutNull<T> = unknown extends T
  ? T
  : T extends readonly (infer Item)[]
    ? WithoutNull<Item>[]
    : T extends object
      ? { [Key in keyof T]: WithoutNull<Exclude<T[Key], null>> }
      : T
