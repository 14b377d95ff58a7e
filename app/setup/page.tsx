import Link from 'next/link'
import { NarrowPage } from '@/components/auth/narrow-page'
import { NewAccountForm } from '@/components/auth/new-account-form'
import { Button } from '@/components/ui/button'
import { readSetupLink } from '@/lib/auth/complete-setup'
import { currentVisit } from '@/lib/auth/current-call'
import { shortestPassword } from '@/lib/auth/password-policy'
import { AppError } from '@/lib/errors'
import { queryText, type SearchParams } from '@/lib/ui/search-params'
import { completeSetupAction } from './actions'

export const metadata = { title: 'Set up' }

/** Why the link does not work, or null when it does. */
async function problemOf(token: string): Promise<string | null> {
  try {
    return (await readSetupLink(await currentVisit(), { token })) ? null : 'This set-up link is not good any more. If the server has no admin yet, start it again: it prints a new link.'
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

export default async function SetupPage({ searchParams }: { searchParams: SearchParams }) {
  const token = (await queryText(searchParams, 'token')) ?? ''
  const problem = await problemOf(token)
  if (problem !== null) {
    return (
      <NarrowPage title="Set-up link">
        <p className="text-sm leading-relaxed">{problem}</p>
        <Button asChild className="mt-5">
          <Link href="/sign-in">Sign in</Link>
        </Button>
      </NarrowPage>
    )
  }
  return (
    <NarrowPage title="Welcome to Latchkey" description="Make the first account. It is the admin of this server: it sees its users, projects and health.">
      <NewAccountForm action={completeSetupAction.bind(null, token)} path="/" submit="Create admin account" shortest={shortestPassword} />
    </NarrowPage>
  )
}
