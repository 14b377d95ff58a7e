import { redirect } from 'next/navigation'
import { NarrowPage } from '@/components/auth/narrow-page'
import { ProviderButton, SignInForm } from '@/components/auth/sign-in-form'
import { Alert } from '@/components/ui/alert'
import { currentActor } from '@/lib/auth/current-actor'
import { oidcName } from '@/lib/auth/oidc-provider'
import { returnPath } from '@/lib/auth/return-path'
import { signInMessage } from '@/lib/auth/sign-in-error'
import { env } from '@/lib/env'
import { queryText, type SearchParams } from '@/lib/ui/search-params'

export const metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await currentActor()
  const settings = env()
  const provider = oidcName(settings)
  const path = returnPath(await queryText(searchParams, 'callbackUrl'), settings.origin)
  if (actor) redirect(path)
  const refusal = await queryText(searchParams, 'error')
  const installing = path.startsWith('/install')
  return (
    <NarrowPage title="Sign in to Latchkey" description={installing ? 'You opened an install link. Sign in, and it goes on from there.' : 'Install services, and keep their secrets with the identity that needs them.'}>
      {refusal === undefined ? null : (
        <Alert tone="destructive" role="alert" className="mb-5">
          <p>{signInMessage(refusal)}</p>
        </Alert>
      )}
      {provider === null ? null : (
        <div className="mb-5 flex flex-col gap-2 border-b pb-5">
          <ProviderButton name={provider} path={path} />
        </div>
      )}
      <SignInForm path={path} />
      <p className="text-muted-foreground mt-5 text-sm">No account yet? Ask whoever runs this server, or a project admin, for an invitation.</p>
    </NarrowPage>
  )
}
