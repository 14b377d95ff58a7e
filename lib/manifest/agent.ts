import { z } from 'zod'
import { Annotations } from './annotations'
import { Flag, FreeMap, isBlank, oneOf, optional, Positive, spoken, Text } from './scalars'

const annotations = optional(Annotations)

const Email = z.strictObject({ address: Text, public: Flag.default(false) }).superRefine((email, context) => {
  if (isBlank(email.address)) context.addIssue({ code: 'custom', message: 'needs an address that is not empty' })
})

const Prompt = z.unknown().transform((given, context) => {
  const kind = typeof given === 'object' && given !== null && 'type' in given ? spoken(given.type) : undefined
  const shape = kind === 'file' ? FilePrompt : kind === 'audio' ? AudioPrompt : TextPrompt
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) context.issues.push({ code: 'custom', input: given, path: issue.path, message: issue.message })
  return z.NEVER
})
const TextPrompt = z.object({ type: oneOf('text', 'file', 'audio'), text: Text })
const FilePrompt = z.object({ type: oneOf('file'), url: Text, name: optional(Text) })
const AudioPrompt = z.object({ type: oneOf('audio'), url: Text })

const Heartbeat = z
  .strictObject({ queue: Text, thread_id: optional(Text), prompt: optional(z.array(Prompt)), minutes: Positive })
  .superRefine((heartbeat, context) => {
    if (isBlank(heartbeat.queue)) context.addIssue({ code: 'custom', message: 'needs a queue that is not empty' })
    else if (!heartbeat.prompt?.length) context.addIssue({ code: 'custom', message: 'needs at least one prompt' })
  })

const Channels = z.strictObject({
  email: optional(z.array(z.strictObject({ address: Text, private: Flag.default(true), annotations }))),
  messaging: optional(
    z.array(
      z.strictObject({
        protocol: Text.default('meshagent.agent-message.v1'),
        prompts: optional(z.array(z.strictObject({ name: Text, prompt: Text, description: optional(Text), annotations }))),
        annotations,
      }),
    ),
  ),
  queue: optional(
    z.array(z.strictObject({ queue: Text, threading_mode: optional(oneOf('default-new')), message_schema: optional(FreeMap), annotations })),
  ),
  toolkit: optional(z.array(z.strictObject({ name: Text, annotations }))),
})

export const Agent = z.strictObject({
  name: Text,
  description: optional(Text),
  annotations,
  channels: optional(Channels),
  email: optional(Email),
  heartbeat: optional(Heartbeat),
})
export type Agent = z.output<typeof Agent>
