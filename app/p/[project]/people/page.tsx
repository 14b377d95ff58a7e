import { ConfirmButton } from '@/components/confirm-button'
import { ChoiceForm } from '@/components/people/choice-form'
import { InvitationList } from '@/components/people/invitation-list'
import { InviteForm } from '@/components/people/invite-form'
import { PersonRow } from '@/components/people/person-row'
import { roleHelp, roleOptions } from '@/components/people/words'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { pageCall } from '@/lib/auth/current-call'
import { getProject } from '@/lib/projects/get-project'
import { listInvitations } from '@/lib/projects/list-invitations'
import { listMembers } from '@/lib/projects/list-members'
import { listRooms } from '@/lib/projects/list-rooms'
import { orNotFound } from '@/lib/ui/or-not-found'
import { inviteAction, removeMemberAction, revokeInvitationAction, setRoleAction } from '../../people-actions'
import { ProjectHeader } from '../project-header'

export const metadata = { title: 'People of the project' }

export default async function ProjectPeoplePage({ params }: { params: Promise<{ project: string }> }) {
  const call = await pageCall()
  const { project: projectId } = await params
  const project = await orNotFound(getProject(call, { projectId }))
  const members = await orNotFound(listMembers(call, { projectId }))
  const manages = project.allowed.includes('manage:members')
  const invitations = manages ? await listInvitations(call, { projectId }) : []
  const rooms = manages ? await listRooms(call, { projectId }) : []
  return (
    <>
      <ProjectHeader project={project} section="/people" />
      <div className="flex max-w-4xl flex-col gap-6">
        <Card>
          <CardHeader>
            <CardTitle>In this project</CardTitle>
            <CardDescription>{roleHelp}</CardDescription>
          </CardHeader>
          <ul className="mt-3 divide-y">
            {members.map((member) => {
              const you = member.userId === call.actor.userId
              const who = member.name ?? member.email
              return (
                <PersonRow key={member.userId} {...member} you={you} {...(manages ? {} : { badge: member.role })}>
                  {manages ? <ChoiceForm action={setRoleAction.bind(null, projectId, member.userId)} name="role" label={`Role of ${who}`} value={member.role} options={roleOptions} /> : null}
                  {manages || you ? (
                    <ConfirmButton action={removeMemberAction.bind(null, projectId, member.userId)} label={you ? 'Leave' : 'Remove'} title={you ? 'Leave this project?' : `Remove ${who}?`} confirm={you ? 'Leave' : 'Remove'}>
                      <p>{you ? 'You lose access to the project and its rooms until somebody invites you again.' : 'They lose access to the project and all its rooms at once. Services and secrets stay as they are.'}</p>
                    </ConfirmButton>
                  ) : null}
                </PersonRow>
              )
            })}
          </ul>
        </Card>
        {manages ? (
          <>
            <InvitationList invitations={invitations} revoke={(id) => revokeInvitationAction.bind(null, projectId, id)} />
            <Card>
              <CardHeader>
                <CardTitle>Invite somebody</CardTitle>
              </CardHeader>
              <CardContent>
                <InviteForm action={inviteAction.bind(null, projectId, null)} rooms={rooms.map(({ id, name }) => ({ id, name }))} />
              </CardContent>
            </Card>
          </>
        ) : null}
      </div>
    </>
  )
}
