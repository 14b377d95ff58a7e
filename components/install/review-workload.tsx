import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { Badge } from '@/components/ui/badge'
import type { TemplateReview } from '@/lib/install/views'
import { scopePhrases } from '@/lib/ui/scopes'
import { Fact, Facts, Mono } from './facts'

type Spec = NonNullable<TemplateReview['inspection']['spec']>
type Entry = NonNullable<NonNullable<Spec['container']>['environment']>[number]

const None = () => <span className="text-muted-foreground">None</span>

function Source({ entry }: { entry: Entry }) {
  if (entry.secret) {
    return (
      <>
        Room secret <Mono>{entry.secret.id}</Mono>, owned by <Mono>{entry.secret.identity}</Mono>
      </>
    )
  }
  if (entry.token) {
    const scopes = entry.token.api ? scopePhrases(entry.token.api) : null
    return (
      <>
        A token that acts as <Mono>{entry.token.identity}</Mono>
        {entry.token.role ? <> in the role {entry.token.role}</> : null}
        {scopes === null ? (
          <>, with the default permissions</>
        ) : scopes.length === 0 ? (
          <>, with no permissions</>
        ) : (
          <>
            , allowed to use:
            <ul className="mt-1 flex flex-col gap-0.5 pl-4">
              {scopes.map((phrase) => (
                <li key={phrase} className="list-disc">
                  <Mono>{phrase}</Mono>
                </li>
              ))}
            </ul>
          </>
        )}
      </>
    )
  }
  if (entry.value === undefined || entry.value === '') return <span className="text-muted-foreground">Empty until the form is filled in</span>
  return <code className="font-mono text-[0.8125rem] wrap-anywhere whitespace-pre-wrap">{entry.value}</code>
}

function mountsOf(storage: NonNullable<Spec['container']>['storage']): { path: string; what: string; readOnly: boolean }[] {
  const under = (subpath: string | undefined) => (subpath === undefined ? '' : `, only ${subpath}`)
  return [
    ...(storage?.room ?? []).map((mount) => ({ path: mount.path, what: `the room's files${under(mount.subpath)}`, readOnly: mount.read_only })),
    ...(storage?.project ?? []).map((mount) => ({ path: mount.path, what: `the project's files${under(mount.subpath)}`, readOnly: mount.read_only })),
    ...(storage?.images ?? []).map((mount) => ({ path: mount.path, what: `files of the image ${mount.image}${under(mount.subpath)}`, readOnly: mount.read_only })),
    ...(storage?.files ?? []).map((mount) => ({ path: mount.path, what: 'a file from the template', readOnly: mount.read_only })),
    ...(storage?.empty_dirs ?? []).map((mount) => ({ path: mount.path, what: 'an empty directory', readOnly: mount.read_only })),
    ...(storage?.configs ?? []).map((mount) => ({ path: mount.path, what: 'settings of the platform', readOnly: true })),
  ]
}

/** What would run: image, command, ports, mounts, environment and agents of the rendered template. */
export function ReviewWorkload({ spec }: { spec: Spec }) {
  const { container, ports = [] } = spec
  const mounts = mountsOf(container?.storage)
  const environment = container?.environment ?? []
  return (
    <Card>
      <CardHeader>
        <CardTitle>What will run</CardTitle>
      </CardHeader>
      <CardContent>
        <Facts>
          {spec.external ? (
            <Fact name="External service">
              <Mono>{spec.external.url ?? ''}</Mono>
            </Fact>
          ) : (
            <>
              <Fact name="Image">{container?.image ? <Mono>{container.image}</Mono> : <None />}</Fact>
              <Fact name="Command">
                {container?.command ? <code className="font-mono text-[0.8125rem] wrap-anywhere whitespace-pre-wrap">{container.command}</code> : <span className="text-muted-foreground">The one built into the image</span>}
              </Fact>
            </>
          )}
          <Fact name="Ports">
            {ports.length === 0 ? (
              <None />
            ) : (
              <ul className="flex flex-col gap-1.5">
                {ports.map((port, index) => (
                  <li key={index}>
                    {port.num === '*' ? 'Any' : port.num} ({port.type}){port.public === true ? ', open to everyone' : port.public === false ? ', only with a token of the room' : ''}
                    {port.endpoints.map((endpoint, place) => (
                      <span key={place} className="block">
                        <Mono>{endpoint.path}</Mono>
                        {endpoint.meshagent ? (
                          <>
                            {' '}
                            acting as <Mono>{endpoint.meshagent.identity}</Mono>
                            {endpoint.meshagent.api ? <>, allowed to use: {scopePhrases(endpoint.meshagent.api).join('; ')}</> : null}
                          </>
                        ) : null}
                        {endpoint.mcp ? <> as the connector “{endpoint.mcp.label}”</> : null}
                      </span>
                    ))}
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          <Fact name="Mounts">
            {mounts.length === 0 ? (
              <None />
            ) : (
              <ul className="flex flex-col gap-1.5">
                {mounts.map((mount, index) => (
                  <li key={index}>
                    <Mono>{mount.path}</Mono>
                    <span className="text-muted-foreground">
                      {' '}
                      {mount.what}, {mount.readOnly ? 'to read' : 'to read and change'}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          <Fact name="Environment">
            {environment.length === 0 ? (
              <None />
            ) : (
              <ul className="flex flex-col gap-3">
                {environment.map((entry, index) => (
                  <li key={index}>
                    <span className="block font-mono text-[0.8125rem] font-medium">{entry.name}</span>
                    <span className="block">
                      <Source entry={entry} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          <Fact name="Agents">
            {(spec.agents ?? []).length === 0 ? (
              <None />
            ) : (
              <ul className="flex flex-col gap-1.5">
                {(spec.agents ?? []).map((agent, index) => (
                  <li key={index}>
                    <span className="font-medium">{agent.name}</span> {agent.annotations?.['meshagent.agent.type'] ? <Badge tone="outline">{agent.annotations['meshagent.agent.type']}</Badge> : null}
                    {agent.description ? <span className="text-muted-foreground block">{agent.description}</span> : null}
                  </li>
                ))}
              </ul>
            )}
          </Fact>
        </Facts>
      </CardContent>
    </Card>
  )
}
