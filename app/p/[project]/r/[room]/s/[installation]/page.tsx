import { KeyRound } from 'lucide-react'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { ActionForm, SubmitButton } from '@/components/action-form'
import { Fact, Facts, Mono } from '@/components/install/facts'
import { Moment } from '@/components/moment'
import { PageHeader } from '@/components/page-header'
import { RuntimeNote } from '@/components/runtime-note'
import { LiveService } from '@/components/service/live-service'
import { SecretForm } from '@/components/service/secret-form'
import { UninstallButton } from '@/components/service/uninstall-button'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { getService } from '@/lib/install/get-service'
import type { ServiceSecretView, ServiceView } from '@/lib/install/views'
import { installPath } from '@/lib/ui/install-path'
import { orNotFound } from '@/lib/ui/or-not-found'
import { loadRoom, roomCrumbs } from '../../room-page'
import { setSecretAction } from '../../secret-actions'
import { restartAction, uninstallAction } from './actions'

export const metadata = { title: 'Service' }

export default async function ServicePage({ params }: { params: Promise<{ project: string; room: string; installation: string }> }) {
  const { call, room, base } = await loadRoom(params)
  const { installation } = await params
  const service = await orNotFound(getService(call, { installationId: installation }))
  if (service.roomId !== room.id) notFound()
  const path = `${base}/s/${installation}`
  const missing = service.secrets.filter((secret) => !secret.present && secret.environment.length > 0)
  const update = service.sourceUrl === null ? { template: service.templateDigest } : { url: service.sourceUrl }
  return (
    <>
      <PageHeader
        title={service.name}
        description={service.description}
        crumbs={[...roomCrumbs(room), { href: base, label: room.name }]}
        actions={
          <>
            {room.allowed.includes('restart:service') ? (
              <ActionForm action={restartAction.bind(null, path, installation)}>
                <SubmitButton variant="outline">Restart</SubmitButton>
              </ActionForm>
            ) : null}
            {room.allowed.includes('update:service') ? (
              <Button asChild variant="outline">
                <Link href={installPath({ ...update, room: room.id })}>Update</Link>
              </Button>
            ) : null}
            {room.allowed.includes('uninstall:service') ? <UninstallButton action={uninstallAction.bind(null, path, installation)} name={service.name} secrets={service.secrets} /> : null}
          </>
        }
      />
      <div className="flex flex-col gap-6">
        <LiveService installationId={installation} name={service.name} status={service.status} events={service.events} usesImage={service.runtime.usesImage} roomHref={base}>
          {missing.length > 0 ? <MissingSecrets missing={missing} mayStore={room.allowed.includes('set:secret')} store={(place) => setSecretAction.bind(null, room.project.id, room.id, place)} /> : null}
          <RuntimeNote runtime={service.runtime} />
        </LiveService>
        {service.secrets.length > 0 ? <ServiceSecrets secrets={service.secrets} /> : null}
        <ServiceFacts service={service} />
      </div>
    </>
  )
}

function MissingSecrets({ missing, mayStore, store }: { missing: readonly ServiceSecretView[]; mayStore: boolean; store: (place: { owner: string; id: string }) => Parameters<typeof SecretForm>[0]['action'] }) {
  return (
    <Card className="border-caution/50">
      <CardHeader>
        <CardTitle className="flex items-center gap-2">
          <KeyRound aria-hidden className="text-caution size-4.5" />
          {missing.length === 1 ? 'A secret is missing' : 'Secrets are missing'}
        </CardTitle>
        <CardDescription>{mayStore ? 'Store it here; the service then starts by itself.' : 'Ask an owner of this room to store it; the service then starts by itself.'}</CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-6">
        {missing.map((secret) => (
          <div key={`${secret.owner}\n${secret.id}`} className="flex flex-col gap-4">
            <p className="text-sm leading-relaxed wrap-anywhere">
              <Mono>{secret.id}</Mono>, owned by <Mono>{secret.owner}</Mono>
              <span className="text-muted-foreground">
                , handed to the service as <Mono>{secret.environment.join(', ')}</Mono>
              </span>
            </p>
            {mayStore ? <SecretForm action={store({ owner: secret.owner, id: secret.id })} place={{ owner: secret.owner, id: secret.id }} submit="Store secret" /> : null}
          </div>
        ))}
      </CardContent>
    </Card>
  )
}

function ServiceSecrets({ secrets }: { secrets: readonly ServiceSecretView[] }) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Secrets of this service</CardTitle>
      </CardHeader>
      <CardContent>
        <ul className="divide-y text-sm">
          {secrets.map((secret) => (
            <li key={`${secret.owner}\n${secret.id}`} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
              <div className="min-w-0">
                <Mono>{secret.id}</Mono>
                <p className="text-muted-foreground wrap-anywhere">
                  owned by <Mono>{secret.owner}</Mono>
                  {secret.environment.length === 0 ? '; not handed to this service' : null}
                  {secret.environment.length === 0 ? null : (
                    <>
                      , handed over as <Mono>{secret.environment.join(', ')}</Mono>
                    </>
                  )}
                  {secret.usedBy.length === 0 ? null : <>; also used by {secret.usedBy.join(', ')}</>}
                </p>
              </div>
              <Badge tone={secret.present ? 'positive' : 'caution'}>{secret.present ? 'Stored' : 'Missing'}</Badge>
            </li>
          ))}
        </ul>
      </CardContent>
    </Card>
  )
}

function ServiceFacts({ service }: { service: ServiceView }) {
  const { status } = service
  return (
    <Card>
      <CardHeader>
        <CardTitle>Details</CardTitle>
      </CardHeader>
      <CardContent>
        <Facts>
          {service.inputs.map((input) => (
            <Fact key={input.label} name={input.label}>
              <span className="whitespace-pre-wrap">{input.value}</span>
            </Fact>
          ))}
          <Fact name="Service id">
            <Mono>{service.serviceId}</Mono>
          </Fact>
          <Fact name="Image">
            {service.image === null ? 'None' : <Mono>{service.image}</Mono>}
            {service.runtime.usesImage || service.image === null ? null : <span className="text-muted-foreground block">Not used on this server: only the command runs.</span>}
            {status.imageDigest === null ? null : (
              <span className="text-muted-foreground block">
                <Mono>{status.imageDigest}</Mono>
              </span>
            )}
          </Fact>
          {service.command === null ? null : (
            <Fact name="Command">
              <code className="font-mono text-[0.8125rem] wrap-anywhere whitespace-pre-wrap">{service.command}</code>
            </Fact>
          )}
          {status.startedAt === null ? null : (
            <Fact name="Started">
              <Moment at={status.startedAt} />
              {status.restarts > 0 ? `, restarted ${status.restarts === 1 ? 'once' : `${status.restarts} times`}` : null}
            </Fact>
          )}
          <Fact name="Installed">
            by {service.installedBy}, <Moment at={service.installedAt} />
          </Fact>
          <Fact name="Template">
            {service.sourceUrl === null ? null : <span className="block">{service.sourceUrl}</span>}
            <Mono>{service.templateDigest}</Mono>
          </Fact>
        </Facts>
      </CardContent>
    </Card>
  )
}
