import { z } from 'zod'
import { Flag, optional, Text } from './scalars'

/** What a participant token may do. A section that is present grants with its defaults, an absent one denies. Unknown keys are ignored. */

const texts = optional(z.array(Text))
const on = Flag.default(true)
const off = Flag.default(false)
const section = <S extends z.ZodRawShape>(shape: S) => optional(z.object(shape))

const paths = section({ paths: optional(z.array(z.object({ path: Text, read_only: off }))) })
const dataset = section({
  tables: optional(z.array(z.object({ name: Text, namespace: texts, write: off, read: on, alter: off }))),
  list_tables: on,
})
const permissions = z.object({ create: on, drop: on, inspect: on, query: on, upsert: on, ingest: on, recall: on, optimize: on })

export const ApiScope = z
  .object({
    livekit: section({ breakout_rooms: texts }),
    queues: section({ send: texts, receive: texts, list: on }),
    messaging: section({ broadcast: on, list: on, send: on }),
    dataset,
    database: dataset,
    datasets: dataset,
    memory: section({
      list: on,
      memories: optional(z.array(z.object({ name: Text, namespace: texts, permissions: permissions.prefault({}) }))),
    }),
    sync: paths,
    storage: paths,
    containers: section({
      logs: on,
      pull: texts,
      run: texts,
      registry: section({ list: texts, pull: texts, run: texts, write: texts }),
      use_containers: on,
    }),
    developer: section({ logs: on }),
    agents: section({
      register_agent: on,
      register_public_toolkit: on,
      register_private_toolkit: on,
      call: on,
      use_agents: on,
      use_tools: on,
      allowed_toolkits: texts,
    }),
    llm: section({ models: texts }),
    admin: section({ config: on }),
    secrets: section({ request_oauth_token: optional(z.array(z.object({ endpoint: Text, client_id: Text }))) }),
    tunnels: section({ ports: texts }),
    services: section({ list: on }),
  })
  // Older names of the same section.
  .transform(({ database, datasets, ...scope }) => ({ ...scope, dataset: scope.dataset ?? database ?? datasets }))
export type ApiScope = z.output<typeof ApiScope>
