import { ChangePasswordForm } from '@/components/auth/change-password-form'
import { ConfirmButton } from '@/components/confirm-button'
import { PageHeader } from '@/components/page-header'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { pageCall } from '@/lib/auth/current-call'
import { shortestPassword } from '@/lib/auth/password-policy'
import { changePasswordAction, signOutEverywhereAction } from './actions'

export const metadata = { title: 'Your account' }

export default async function AccountPage() {
  const { actor } = await pageCall('/account')
  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader title="Your account" description={`You are signed in as ${actor.email}.`} />
      <div className="flex flex-col gap-6">
        <Card>
          <CardHeader>
            <CardTitle>Password</CardTitle>
            <CardDescription>Changing it signs you out everywhere else. If you only sign in through your provider, you have none here.</CardDescription>
          </CardHeader>
          <CardContent>
            <ChangePasswordForm action={changePasswordAction} email={actor.email} shortest={shortestPassword} />
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Sessions</CardTitle>
            <CardDescription>If you left yourself signed in on another machine, end all sessions at once.</CardDescription>
          </CardHeader>
          <CardContent>
            <ConfirmButton action={signOutEverywhereAction} label="Sign out everywhere" title="Sign out everywhere?" confirm="Sign out everywhere">
              <p>All your sessions end, this one too. You then sign in again.</p>
            </ConfirmButton>
          </CardContent>
        </Card>
      </div>
    </div>
  )
}
