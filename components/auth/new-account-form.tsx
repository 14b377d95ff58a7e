'use client'

import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { TextField } from '@/components/form-fields'
import { signInMessage } from '@/lib/auth/sign-in-error'
import { formText } from '@/lib/ui/form-text'
import { signInWithPassword } from '@/lib/ui/session-requests'

interface NewAccountFormProps {
  /** Makes the account and answers with its e-mail address. */
  action: FormAction
  /** Fixed by an invitation; otherwise the form asks. */
  email?: string
  path: string
  submit: string
  /** Characters that a password has at least. */
  shortest: number
}

/** Name and password of a new account; signs in with them at once and goes on to `path`. */
export function NewAccountForm({ action, email, path, submit, shortest }: NewAccountFormProps) {
  const makeAndEnter: FormAction = async (previous, form) => {
    if (formText(form, 'password') !== formText(form, 'again')) return { ok: false, code: 'invalid', message: '', fields: { again: 'The two passwords are not the same.' } }
    const made = await action(previous, form)
    if (!made.ok) return made
    const refusal = await signInWithPassword(made.value ?? '', formText(form, 'password'), path)
    if (refusal !== null) return { ok: false, code: 'unavailable', message: `Your account is made. ${signInMessage(refusal)}`, fields: {} }
    window.location.assign(path)
    return { ok: true, value: 'You are signed in.' }
  }
  return (
    <ActionForm action={makeAndEnter} className="flex flex-col gap-4">
      {email === undefined ? <TextField name="email" label="E-mail" type="email" autoComplete="username" /> : <input type="hidden" name="email" autoComplete="username" value={email} />}
      <TextField name="name" label="Your name" autoComplete="name" help="Others in your projects see it." />
      <TextField name="password" label="Password" type="password" autoComplete="new-password" help={`At least ${shortest} characters. A sentence that only you know is a good one.`} />
      <TextField name="again" label="Password again" type="password" autoComplete="new-password" />
      <SubmitButton className="mt-2">{submit}</SubmitButton>
    </ActionForm>
  )
}
