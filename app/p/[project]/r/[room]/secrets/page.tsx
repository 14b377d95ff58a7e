import { KeyRound } from 'lucide-react'
import { EmptyState } from '@/components/empty-state'
import { Mono } from '@/components/install/facts'
import { Moment } from '@/components/moment'
import { SecretForm } from '@/components/service/secret-form'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { listSecrets } from '@/lib/secrets/list-secrets'
import { orNotFound } from '@/lib/ui/or-not-found'
import { loadRoom, RoomHeader, type RoomParams } from '../room-page'
import { setSecretAction } from '../secret-actions'

export const metadata = { title: 'Secrets of the room' }

export default async function SecretsPage({ params }: { params: RoomParams }) {
  const { call, room, base } = await loadRoom(params)
  const secrets = await orNotFound(listSecrets(call, { roomId: room.id }))
  const owners = [...new Set(secrets.map((secret) => secret.owner))].sort()
  return (
    <>
      <RoomHeader room={room} base={base} section="/secrets" />
      <div className="flex max-w-4xl flex-col gap-6">
        {secrets.length === 0 ? (
          <EmptyState icon={KeyRound} title="No secrets yet">
            Installing a service stores what its form asks for, each secret with the identity that needs it. You can also store one here, ahead of time or to replace it.
          </EmptyState>
        ) : (
          owners.map((owner) => (
            <Card key={owner}>
              <CardHeader>
                <CardTitle className="wrap-anywhere">
                  Owned by <Mono>{owner}</Mono>
                </CardTitle>
              </CardHeader>
              <ul className="mt-3 divide-y">
                {secrets
                  .filter((secret) => secret.owner === owner)
                  .map((secret) => (
                    <li key={`${secret.key}\n${secret.delegatedTo}`} className="flex items-start gap-3 px-4 py-3.5 text-sm sm:px-6">
                      <KeyRound aria-hidden className="text-caution mt-0.5 size-4 shrink-0" />
                      <div className="min-w-0">
                        <Mono>{secret.key}</Mono>
                        {secret.name === secret.key ? null : <span className="wrap-anywhere"> {secret.name}</span>}
                        <p className="text-muted-foreground wrap-anywhere">
                          {secret.delegatedTo === '' ? '' : `handed on to ${secret.delegatedTo}; `}
                          {secret.type}; version {secret.version}, stored <Moment at={secret.updatedAt} />
                        </p>
                      </div>
                    </li>
                  ))}
              </ul>
            </Card>
          ))
        )}
        {room.allowed.includes('set:secret') ? (
          <Card>
            <CardHeader>
              <CardTitle>Store a secret</CardTitle>
              <CardDescription>If the owner already has a secret of this id, its value is replaced. A service gets the new value at its next start.</CardDescription>
            </CardHeader>
            <CardContent>
              <SecretForm action={setSecretAction.bind(null, room.project.id, room.id, null)} submit="Store secret" />
            </CardContent>
          </Card>
        ) : null}
      </div>
    </>
  )
}
