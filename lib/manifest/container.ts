import { z } from 'zod'
import { ApiScope } from './api-scope'
import { Flag, oneOf, optional, Text } from './scalars'

/** Unknown keys of `token` and `secret` are ignored, as the reference does. */
export const EnvironmentVariable = z.strictObject({
  name: Text,
  value: optional(Text),
  token: optional(z.object({ identity: Text, api: optional(ApiScope), role: optional(oneOf('user', 'agent', 'tool')) })),
  secret: optional(z.object({ identity: Text, id: Text })),
})
export type EnvironmentVariable = z.output<typeof EnvironmentVariable>

const mount = <S extends z.ZodRawShape>(shape: S, readOnly: boolean) => optional(z.array(z.strictObject({ ...shape, read_only: Flag.default(readOnly) })))

const Storage = z.strictObject({
  room: mount({ path: Text, subpath: optional(Text) }, false),
  project: mount({ path: Text, subpath: optional(Text) }, true),
  images: mount({ image: Text, path: Text, subpath: optional(Text) }, true),
  files: mount({ path: Text, text: Text }, true),
  empty_dirs: mount({ path: Text }, false),
  configs: optional(z.array(z.strictObject({ path: Text.default('/var/run/meshagent') }))),
})

const shared = {
  template: optional(oneOf('agent', 'none')).default('agent'),
  command: optional(Text),
  working_dir: optional(Text),
  environment: optional(z.array(EnvironmentVariable)),
  storage: optional(Storage),
  on_demand: optional(Flag),
  writable_root_fs: optional(Flag),
  private: Flag.default(true),
}

export const Container = z.strictObject({
  image: Text,
  ...shared,
  secrets: optional(z.array(Text)),
  pull_secret: optional(Text),
  // Removed from the schema on 2026-04-04; older services still carry it.
  api_key: optional(z.strictObject({ role: oneOf('admin'), name: Text, auto_provision: optional(Flag).default(true) })),
})
export type Container = z.output<typeof Container>

/** What a template may say of its container; the image may come from a value. */
export const ContainerTemplate = z.strictObject({ image: optional(Text), ...shared })
