import { ConfirmButton } from '@/components/confirm-button'
import type { FormAction } from '@/components/action-form'
import { Badge } from '@/components/ui/badge'
import { Card, CardHeader, CardTitle } from '@/components/ui/card'
import type { InvitationSummary } from '@/lib/projects/list-invitations'
import { Moment } from '@/components/moment'

export function InvitationList({ invitations, revoke }: { invitations: readonly InvitationSummary[]; revoke: (invitationId: string) => FormAction }) {
  if (invitations.length === 0) return null
  return (
    <Card>
      <CardHeader>
        <CardTitle>Open invitations</CardTitle>
      </CardHeader>
      <ul className="mt-3 divide-y">
        {invitations.map((invitation) => (
          <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 px-4 py-3.5 sm:px-6">
            <div className="min-w-0 flex-1 basis-56 text-sm">
              <p className="font-medium wrap-anywhere">{invitation.email}</p>
              <p className="text-muted-foreground wrap-anywhere">
                {invitation.room === null ? '' : `${invitation.grant ?? 'member'} of ${invitation.room.name}; `}good until <Moment at={invitation.expiresAt} />
              </p>
            </div>
            <Badge>{invitation.role}</Badge>
            <ConfirmButton size="sm" action={revoke(invitation.id)} label="Withdraw" title="Withdraw the invitation?" confirm="Withdraw">
              <p>
                The link that was sent to <strong className="font-semibold wrap-anywhere">{invitation.email}</strong> stops working. You can invite the same person again.
              </p>
            </ConfirmButton>
          </li>
        ))}
      </ul>
    </Card>
  )
}
