'use client'

import { useId, useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { SelectField, TextField } from '@/components/form-fields'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { grantHelp, grantOptions, roleHelp, roleOptions } from './words'

/** Invites one address. With `rooms` into the project and perhaps a room of it; without, into the room that the action knows. */
export function InviteForm({ action, rooms }: { action: FormAction; rooms?: readonly { id: string; name: string }[] }) {
  return (
    <ActionForm action={action} success={(link) => <InvitationLink link={link} />}>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="email" label="E-mail" type="email" autoComplete="off" />
        {rooms ? (
          <>
            <SelectField name="role" label="Role in the project" help={roleHelp}>
              {roleOptions.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </SelectField>
            <SelectField name="room" label="Room (optional)">
              <option value="">No room yet</option>
              {rooms.map((room) => (
                <option key={room.id} value={room.id}>
                  {room.name}
                </option>
              ))}
            </SelectField>
          </>
        ) : null}
        <SelectField name="grant" label="Grant in the room" help={grantHelp}>
          {grantOptions.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </SelectField>
      </div>
      <SubmitButton className="mt-4">Create invitation</SubmitButton>
    </ActionForm>
  )
}

function InvitationLink({ link }: { link: string }) {
  const id = useId()
  const [copied, setCopied] = useState(false)
  return (
    <div className="text-foreground bg-positive-soft mt-2 flex flex-col gap-2 rounded-lg p-4">
      <Label htmlFor={id}>Invitation link</Label>
      <div className="flex gap-2">
        <Input id={id} readOnly value={link} onFocus={(event) => event.target.select()} className="font-mono" />
        <Button
          type="button"
          variant="outline"
          onClick={async () => {
            // Browsers offer the clipboard only over https and on localhost.
            await navigator.clipboard?.writeText(link)
            setCopied(navigator.clipboard !== undefined)
          }}
        >
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p className="text-muted-foreground text-sm">Send this link to the person yourself. It works once, for seven days, and is not shown again.</p>
    </div>
  )
}
