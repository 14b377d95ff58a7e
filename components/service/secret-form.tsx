'use client'

import { useId } from 'react'
import { ActionForm, SubmitButton, useFormState, type FormAction } from '@/components/action-form'
import { TextField } from '@/components/form-fields'
import { ProtectedInput } from '@/components/install/protected-input'
import { Label } from '@/components/ui/label'

/** Stores one secret. With `place` the owner and id are fixed; without, the form asks for them. */
export function SecretForm({ action, place, submit }: { action: FormAction; place?: { owner: string; id: string }; submit: string }) {
  return (
    <ActionForm action={action} className="flex flex-col gap-4">
      {place ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="owner" label="Owner" help="The identity that the secret belongs to, such as support-agent." autoComplete="off" autoCapitalize="none" spellCheck={false} />
          <TextField name="id" label="Secret id" help="As the service asks for it, such as service-api-token." autoComplete="off" autoCapitalize="none" spellCheck={false} />
        </div>
      )}
      <SecretValueField label={place ? `Value of ${place.id}` : 'Value'} />
      <div>
        <SubmitButton>{submit}</SubmitButton>
      </div>
    </ActionForm>
  )
}

function SecretValueField({ label }: { label: string }) {
  const id = useId()
  const error = useFormState().fields['value']
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id} className="wrap-anywhere">
        {label}
      </Label>
      <ProtectedInput id={id} name="value" subject={label} aria-invalid={error !== undefined} aria-describedby={`${id}-help${error === undefined ? '' : ` ${id}-error`}`} />
      <p id={`${id}-help`} className="text-muted-foreground text-sm">
        Kept exactly as entered, encrypted, and not shown again. Several lines are fine.
      </p>
      {error === undefined ? null : (
        <p id={`${id}-error`} className="text-destructive text-sm font-medium">
          {error}
        </p>
      )}
    </div>
  )
}
