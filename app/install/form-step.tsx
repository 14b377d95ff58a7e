import Link from 'next/link'
import { Avatar } from '@/components/avatar'
import { InstallForm } from '@/components/install/install-form'
import { StepList } from '@/components/install/step-list'
import { PageHeader } from '@/components/page-header'
import { RuntimeNote } from '@/components/runtime-note'
import { Alert, AlertTitle } from '@/components/ui/alert'
import { Card, CardContent } from '@/components/ui/card'
import type { Call } from '@/lib/call'
import type { TemplateReview, Tick } from '@/lib/install/views'
import { getRoom } from '@/lib/projects/get-room'
import { installPath } from '@/lib/ui/install-path'
import { orNotFound } from '@/lib/ui/or-not-found'
import { installAction } from './actions'

interface FormStepProps {
  call: Call
  review: TemplateReview
  roomId: string
  accepted: (tick: Tick) => boolean
}

export async function FormStep({ call, review, roomId, accepted }: FormStepProps) {
  const room = await orNotFound(getRoom(call, { roomId }))
  const { existing, inspection, fields } = review
  const name = inspection.name ?? 'The service'
  return (
    <>
      <PageHeader title={existing ? `Update ${name}` : `Install ${name}`} />
      <StepList current="Details" />
      <div className="flex flex-col gap-6">
        <div className="flex items-start gap-4">
          <Avatar icon={inspection.spec?.metadata.icon} name={name} />
          <p className="min-w-0 text-[0.9375rem] leading-relaxed wrap-anywhere">
            {existing ? 'Stays in' : 'Goes into'} the room <strong className="font-semibold">{room.name}</strong> of <strong className="font-semibold">{room.project.name}</strong>.{' '}
            <span className="text-muted-foreground">
              <Link href={installPath({ template: review.digest, step: 'place' })} className="text-primary underline underline-offset-4">
                Choose another room
              </Link>{' '}
              or{' '}
              <Link href={installPath({ template: review.digest, room: roomId })} className="text-primary underline underline-offset-4">
                read the review again
              </Link>
              .
            </span>
          </p>
        </div>
        {existing ? (
          <Alert tone="info">
            <AlertTitle>“{existing.name}” is already installed in this room</AlertTitle>
            <p>
              {existing.sameTemplate ? 'You can change its answers here.' : 'This is another version of its template; sending the form updates it.'} Secrets and masked values are never shown: leave their fields empty to keep what is stored.
            </p>
          </Alert>
        ) : null}
        <RuntimeNote runtime={review.runtime} />
        <Card>
          <CardContent>
            {fields.length === 0 ? <p className="text-muted-foreground mb-6 text-sm">This template asks for nothing. {existing ? 'Updating' : 'Installing'} it starts the service as the review showed.</p> : null}
            <InstallForm
              fields={fields}
              existing={existing?.kept ?? []}
              routeDomains={review.routeDomains}
              prefill={existing?.prefill ?? {}}
              ticks={review.ticks.filter((tick) => !accepted(tick))}
              request={{ roomId, digest: review.digest, sourceUrl: review.sourceUrl, accepted: review.ticks.filter(accepted).map((tick) => tick.key), updates: existing?.installationId ?? null }}
              submitLabel={existing ? 'Update' : 'Install'}
              install={installAction}
            />
          </CardContent>
        </Card>
      </div>
    </>
  )
}
