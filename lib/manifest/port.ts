import { z } from 'zod'
import { Annotations } from './annotations'
import { ApiScope } from './api-scope'
import { Flag, oneOf, optional, Positive, spoken, Text } from './scalars'

/** Ports that the room itself listens on. */
const RESERVED_PORTS: readonly number[] = [8078]

const PortNumber = z.unknown().transform((given, context): number | '*' => {
  if (spoken(given) === '*') return '*'
  const number = Positive.safeParse(given)
  if (number.success && !RESERVED_PORTS.includes(number.data)) return number.data
  const message = number.success ? `must be another port: ${String(number.data)} is reserved for the room itself` : `must be "*" or a whole number above 0`
  context.issues.push({ code: 'custom', input: given, message })
  return z.NEVER
})

const Mcp = z.strictObject({
  label: Text,
  description: optional(Text),
  allowed_tools: optional(z.array(z.strictObject({ tool_names: z.array(Text).optional(), read_only: optional(Flag) }))),
  headers: optional(Annotations),
  require_approval: optional(oneOf('always', 'never')),
  oauth: optional(
    z.strictObject({
      client_id: optional(Text),
      client_secret: optional(Text),
      authorization_endpoint: optional(Text),
      token_endpoint: optional(Text),
      no_pkce: optional(Flag),
      scopes: optional(z.array(Text)),
    }),
  ),
  openai_connector_id: optional(Text),
})

const Endpoint = z.strictObject({
  path: Text,
  meshagent: optional(z.strictObject({ identity: Text, api: optional(ApiScope) })),
  mcp: optional(Mcp),
  annotations: optional(Annotations),
})

export const Port = z.strictObject({
  num: PortNumber.default('*'),
  host_port: optional(Positive),
  type: optional(oneOf('http', 'tcp')).default('http'),
  endpoints: z.array(Endpoint).default([]),
  liveness: optional(Text),
  published: optional(Flag),
  public: optional(Flag),
  annotations: optional(Annotations),
})
export type Port = z.output<typeof Port>
