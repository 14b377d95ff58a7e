import { ActionForm, SubmitButton } from '@/components/action-form'
import { ConfirmButton } from '@/components/confirm-button'
import { SelectField } from '@/components/form-fields'
import { ChoiceForm } from '@/components/people/choice-form'
import { InvitationList } from '@/components/people/invitation-list'
import { InviteForm } from '@/components/people/invite-form'
import { PersonRow } from '@/components/people/person-row'
import { grantHelp, grantOptions } from '@/components/people/words'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { listGrants } from '@/lib/projects/list-grants'
import { listInvitations } from '@/lib/projects/list-invitations'
import { listMembers } from '@/lib/projects/list-members'
import { orNotFound } from '@/lib/ui/or-not-found'
import { inviteAction, removeGrantAction, revokeInvitationAction, setGrantAction } from '../../../../people-actions'
import { loadRoom, RoomHeader, type RoomParams } from '../room-page'

export const metadata = { title: 'People of the room' }

export default async function RoomPeoplePage({ params }: { params: RoomParams }) {
  const { call, room, base } = await loadRoom(params)
  const projectId = room.project.id
  const grants = await orNotFound(listGrants(call, { roomId: room.id }))
  const manages = room.allowed.includes('manage:grants')
  const invites = room.allowed.includes('invite:person')
  const invitations = invites ? await listInvitations(call, { projectId, roomId: room.id }) : []
  const members = manages ? await listMembers(call, { projectId }) : []
  const outside = members.filter((member) => !grants.some((grant) => grant.userId === member.userId))
  return (
    <>
      <RoomHeader room={room} base={base} section="/people" />
      <div className="flex max-w-4xl flex-col gap-6">
        <Card>
          <CardHeader>
            <CardTitle>In this room</CardTitle>
            <CardDescription>{grantHelp} Admins of the project may do everything here as well.</CardDescription>
          </CardHeader>
          {grants.length === 0 ? (
            <CardContent>
              <p className="text-muted-foreground text-sm">Nobody has a grant of their own.</p>
            </CardContent>
          ) : (
            <ul className="mt-3 divide-y">
              {grants.map((grant) => {
                const you = grant.userId === call.actor.userId
                const who = grant.name ?? grant.email
                return (
                  <PersonRow key={grant.userId} {...grant} you={you} {...(manages ? {} : { badge: grant.grant })}>
                    {manages ? <ChoiceForm action={setGrantAction.bind(null, projectId, room.id, grant.userId)} name="grant" label={`Grant of ${who}`} value={grant.grant} options={grantOptions} /> : null}
                    {manages || you ? (
                      <ConfirmButton action={removeGrantAction.bind(null, projectId, room.id, grant.userId)} label={you ? 'Leave' : 'Remove'} title={you ? 'Leave this room?' : `Remove ${who} from the room?`} confirm={you ? 'Leave' : 'Remove'}>
                        <p>{you ? 'You give up your grant in this room.' : 'They lose access to this room at once and stay in the project.'}</p>
                      </ConfirmButton>
                    ) : null}
                  </PersonRow>
                )
              })}
            </ul>
          )}
        </Card>
        {manages && outside.length > 0 ? (
          <Card>
            <CardHeader>
              <CardTitle>Let in somebody of the project</CardTitle>
            </CardHeader>
            <CardContent>
              <ActionForm action={setGrantAction.bind(null, projectId, room.id, null)}>
                <div className="grid gap-4 sm:grid-cols-[2fr_1fr_auto] sm:items-end">
                  <SelectField name="userId" label="Person">
                    {outside.map((member) => (
                      <option key={member.userId} value={member.userId}>
                        {member.name === null ? member.email : `${member.name} (${member.email})`}
                      </option>
                    ))}
                  </SelectField>
                  <SelectField name="grant" label="Grant">
                    {grantOptions.map((option) => (
                      <option key={option.value} value={option.value}>
                        {option.label}
                      </option>
                    ))}
                  </SelectField>
                  <SubmitButton>Let in</SubmitButton>
                </div>
              </ActionForm>
            </CardContent>
          </Card>
        ) : null}
        {invites ? (
          <>
            <InvitationList invitations={invitations} revoke={(id) => revokeInvitationAction.bind(null, projectId, id)} />
            <Card>
              <CardHeader>
                <CardTitle>Invite somebody new</CardTitle>
                <CardDescription>They become a member of the project and get the grant in this room.</CardDescription>
              </CardHeader>
              <CardContent>
                <InviteForm action={inviteAction.bind(null, projectId, room.id)} />
              </CardContent>
            </Card>
          </>
        ) : null}
      </div>
    </>
  )
}
