'use client'

import { useState } from 'react'
import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { TextField } from '@/components/form-fields'
import { Button } from '@/components/ui/button'
import { signInMessage } from '@/lib/auth/sign-in-error'
import { formText } from '@/lib/ui/form-text'
import { signInWithPassword, signInWithProvider } from '@/lib/ui/session-requests'

/** Signs in with a password and goes on to `path`. */
export function SignInForm({ path, email }: { path: string; email?: string }) {
  const action: FormAction = async (_, form) => {
    const fields = { ...(formText(form, 'email') === '' ? { email: 'Enter your e-mail address.' } : {}), ...(formText(form, 'password') === '' ? { password: 'Enter your password.' } : {}) }
    if (Object.keys(fields).length > 0) return { ok: false, code: 'invalid', message: '', fields }
    const refusal = await signInWithPassword(formText(form, 'email'), formText(form, 'password'), path)
    if (refusal !== null) return { ok: false, code: 'unauthenticated', message: signInMessage(refusal), fields: {} }
    window.location.assign(path)
    return { ok: true, value: 'You are signed in.' }
  }
  return (
    <ActionForm action={action} className="flex flex-col gap-4">
      <TextField name="email" label="E-mail" type="email" autoComplete="username" defaultValue={email} />
      <TextField name="password" label="Password" type="password" autoComplete="current-password" />
      <SubmitButton className="mt-2">Sign in</SubmitButton>
    </ActionForm>
  )
}

/** Goes on to the OpenID Connect provider of this server. */
export function ProviderButton({ name, path }: { name: string; path: string }) {
  const [failed, setFailed] = useState(false)
  return (
    <>
      <Button
        type="button"
        variant="outline"
        className="w-full"
        onClick={async () => {
          const address = await signInWithProvider(path)
          if (address === null) setFailed(true)
          else window.location.assign(address)
        }}
      >
        Continue with {name}
      </Button>
      <p role="alert" className="text-destructive text-sm">
        {failed ? 'The server did not answer. Try again.' : null}
      </p>
    </>
  )
}
