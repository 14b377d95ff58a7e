import { z } from 'zod'

/** What happens to one variable: blank in an edit means `keep`; clearing is explicit. */
export const FieldInput = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('set'), value: z.string().max(1024 * 1024) }),
  z.strictObject({ action: z.literal('keep') }),
  z.strictObject({ action: z.literal('clear') }),
])
export type FieldInput = z.infer<typeof FieldInput>

/** The install form as it is sent. `requestKey` is made when the form opens: a repeated submit is the same install. */
export const InstallRequest = z.strictObject({
  roomId: z.uuid(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  sourceUrl: z.string().max(4096).nullable(),
  inputs: z.record(z.string().max(1024), FieldInput),
  /** Keys of the ticks that were set. */
  accepted: z.array(z.string().max(512)).max(1000),
  requestKey: z.uuid(),
  /** The installation that this form updates; null for a new one. */
  updates: z.uuid().nullable(),
})
export type InstallRequest = z.infer<typeof InstallRequest>
