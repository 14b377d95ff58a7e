import { z } from 'zod'
import { Annotations } from './annotations'
import { Flag, oneOf, optional, Text } from './scalars'

/** An input that a template declares. */
export const Variable = z.strictObject({
  name: Text,
  title: optional(Text),
  description: optional(Text),
  obscure: Flag.default(false),
  optional: Flag.default(false),
  enum: optional(z.array(Text)),
  type: optional(oneOf('email', 'route')),
  annotations: optional(Annotations),
})
export type Variable = z.output<typeof Variable>
