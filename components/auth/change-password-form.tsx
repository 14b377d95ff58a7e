'use client'

import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { TextField } from '@/components/form-fields'
import { formText } from '@/lib/ui/form-text'
import { signInWithPassword } from '@/lib/ui/session-requests'

/** A change ends all sessions; this one begins again with the new password. */
export function ChangePasswordForm({ action, email, shortest }: { action: FormAction; email: string; shortest: number }) {
  const changeAndEnter: FormAction = async (previous, form) => {
    if (formText(form, 'next') !== formText(form, 'again')) return { ok: false, code: 'invalid', message: '', fields: { again: 'The two passwords are not the same.' } }
    const changed = await action(previous, form)
    if (!changed.ok) return changed
    const refusal = await signInWithPassword(email, formText(form, 'next'), '/account')
    if (refusal === null) return { ok: true, value: 'Your password is changed. All your other sessions are signed out.' }
    window.location.assign('/sign-in')
    return { ok: true, value: 'Your password is changed. Sign in with it.' }
  }
  return (
    <ActionForm action={changeAndEnter} className="flex flex-col gap-4">
      <input type="hidden" name="email" autoComplete="username" value={email} />
      <TextField name="current" label="Present password" type="password" autoComplete="current-password" />
      <TextField name="next" label="New password" type="password" autoComplete="new-password" help={`At least ${shortest} characters.`} />
      <TextField name="again" label="New password again" type="password" autoComplete="new-password" />
      <div>
        <SubmitButton>Change password</SubmitButton>
      </div>
    </ActionForm>
  )
}
