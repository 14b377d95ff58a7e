import { annotation } from './annotations'
import { dotted, type Path } from './issue'
import type { Service } from './service'

/** A part of a manifest that an installation accepts but does not carry out. */
export interface Unsupported {
  readonly feature: string
  readonly path: string
  readonly message: string
}

/** What an installation of `service` would leave undone, whatever runs it. Nothing of it is dropped in silence. */
export function unsupportedParts(service: Service): Unsupported[] {
  const found: Unsupported[] = []
  const note = (feature: string, path: Path, message: string): void => void found.push({ feature, path: dotted(path), message })

  if (service.external) note('external', ['external'], 'A service outside the room is not contacted; nothing is started for it.')
  service.agents?.forEach((agent, index) => {
    const at = (...rest: Path): Path => ['agents', index, ...rest]
    if (agent.email) note('mailbox', at('email'), 'No mailbox is created; the agent gets no mail.')
    if (agent.heartbeat) note('heartbeat', at('heartbeat'), 'The agent is not woken at intervals.')
    if (agent.channels?.email?.length) note('mailbox', at('channels', 'email'), 'No mailbox is created; the agent gets no mail.')
    if (agent.channels?.queue?.length) note('queue', at('channels', 'queue'), 'The room has no queues; nothing is delivered through them.')
    for (const key of Object.keys(agent.annotations ?? {})) {
      const path = at('annotations', key)
      if (key === annotation.schedule) note('schedule', path, 'Scheduled tasks are not run.')
      if (key === annotation.heartbeat) note('heartbeat', path, 'The agent is not woken at intervals.')
      if (key === annotation.databaseSchema || key === annotation.datasetSchema) note('tables', path, 'Tables are not created.')
      if (key.startsWith(annotation.events)) note('events', path, 'Events of the room are not put into queues.')
    }
  })
  service.ports?.forEach((port, index) => {
    const at = (...rest: Path): Path => ['ports', index, ...rest]
    if (port.published === true) note('published-port', at('published'), 'The port is not reachable from outside under a domain.')
    if (port.host_port !== undefined) note('host-port', at('host_port'), 'The port is not tunnelled to a port of the host.')
    const requests = (keys: Readonly<Record<string, string>> | undefined, path: Path): void => {
      if (Object.keys(keys ?? {}).some((key) => key.startsWith(annotation.request))) note('request-processor', path, 'Web requests are not validated or put into queues.')
    }
    requests(port.annotations, at('annotations'))
    port.endpoints?.forEach((endpoint, number) => {
      if (endpoint.meshagent) note('endpoint', at('endpoints', number, 'meshagent'), 'The endpoint is not called when the service starts.')
      if (endpoint.mcp) note('mcp', at('endpoints', number, 'mcp'), 'The tools of the MCP endpoint are not offered in the room.')
      requests(endpoint.annotations, at('endpoints', number, 'annotations'))
    })
  })
  const { container } = service
  if (container?.storage?.project?.length) note('project-storage', ['container', 'storage', 'project'], 'There is no storage shared by all rooms of a project; the mount stays empty.')
  if (container?.storage?.images?.length) note('image-mounts', ['container', 'storage', 'images'], 'The content of images is not mounted.')
  if (container?.storage?.configs?.length) note('configs', ['container', 'storage', 'configs'], 'Runtime files of the room are not mounted.')
  if (container?.secrets?.length) note('project-secrets', ['container', 'secrets'], 'Project secrets are not put into the environment.')
  if (container?.pull_secret !== undefined) note('pull-secret', ['container', 'pull_secret'], 'The image is pulled without the project secret.')
  if (container?.api_key) note('api-key', ['container', 'api_key'], 'No API key is created for the container.')
  if (container?.on_demand === true) note('on-demand', ['container', 'on_demand'], 'The service runs all the time, not on demand.')
  for (const [path, scope] of livekitScopes(service)) if (scope) note('livekit', path, 'The room has no audio or video.')
  return found
}

/** Addresses that variables ask for. */
export const unsupportedRoutes = (variables: readonly { name: string; type?: string }[]): Unsupported[] =>
  variables.flatMap(({ name, type }, index) =>
    type === 'route' ? [{ feature: 'route', path: dotted(['variables', index, 'type']), message: `The address given for ${name} is handed to the service, but nothing is served there.` }] : [],
  )

function livekitScopes(service: Service): [Path, boolean][] {
  return (service.container?.environment ?? []).map(({ token }, index) => [['container', 'environment', index, 'token', 'api', 'livekit'], token?.api?.livekit !== undefined])
}
