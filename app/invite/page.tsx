import Link from 'next/link'
import { ActionForm, SubmitButton } from '@/components/action-form'
import { NarrowPage } from '@/components/auth/narrow-page'
import { NewAccountForm } from '@/components/auth/new-account-form'
import { SignOutButton } from '@/components/sign-out-button'
import { Button } from '@/components/ui/button'
import { currentVisit } from '@/lib/auth/current-call'
import { shortestPassword } from '@/lib/auth/password-policy'
import { signInPath } from '@/lib/auth/return-path'
import { AppError } from '@/lib/errors'
import { readInvitation, type InvitationView } from '@/lib/projects/read-invitation'
import { queryText, type SearchParams } from '@/lib/ui/search-params'
import { acceptInvitationAction, joinAction } from './actions'

export const metadata = { title: 'Invitation' }

async function read(token: string): Promise<InvitationView | string> {
  try {
    return await readInvitation(await currentVisit(), { token })
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

export default async function InvitePage({ searchParams }: { searchParams: SearchParams }) {
  const token = (await queryText(searchParams, 'token')) ?? ''
  const invitation = await read(token)
  if (typeof invitation === 'string') {
    return (
      <NarrowPage title="Invitation">
        <p className="text-sm leading-relaxed">{invitation}</p>
        <Button asChild className="mt-5">
          <Link href="/">Go to your projects</Link>
        </Button>
      </NarrowPage>
    )
  }
  const { project, room, email, invitedBy } = invitation
  return (
    <NarrowPage
      title={`Join ${project.name}`}
      description={
        <>
          {invitedBy.name ?? invitedBy.email} invites {email} {room ? `to the room “${room.name}”` : 'to this project'} as {invitation.grant ?? invitation.role}.
        </>
      }
    >
      <Next invitation={invitation} token={token} />
    </NarrowPage>
  )
}

function Next({ invitation, token }: { invitation: InvitationView; token: string }) {
  const { project, room, email } = invitation
  switch (invitation.next) {
    case 'accept':
      return (
        <ActionForm action={acceptInvitationAction.bind(null, token)}>
          <SubmitButton className="w-full">Accept the invitation</SubmitButton>
        </ActionForm>
      )
    case 'sign-in':
      return (
        <>
          <p className="mb-5 text-sm leading-relaxed">You have an account here already. Sign in as {email}; it goes on from there.</p>
          <Button asChild className="w-full">
            <Link href={signInPath(`/invite?token=${encodeURIComponent(token)}`)}>Sign in</Link>
          </Button>
        </>
      )
    case 'sign-out':
      return (
        <>
          <p className="mb-3 text-sm leading-relaxed">You are signed in as somebody else. Sign out, then open the link of the invitation again.</p>
          <SignOutButton className="bg-primary text-primary-foreground rounded-md px-4 py-2.5 text-center text-sm font-medium" />
        </>
      )
    case 'choose-password':
      return <NewAccountForm action={joinAction.bind(null, token)} email={email} path={room ? `/p/${project.id}/r/${room.id}` : `/p/${project.id}`} submit="Create account and join" shortest={shortestPassword} />
  }
}
