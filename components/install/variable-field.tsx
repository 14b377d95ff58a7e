'use client'

import { KeyRound, Lock } from 'lucide-react'
import { useWatch, type Control, type UseFormRegister } from 'react-hook-form'
import { Checkbox } from '@/components/ui/checkbox'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { NativeSelect } from '@/components/ui/native-select'
import { Textarea } from '@/components/ui/textarea'
import { isProtected, type FieldDraft } from '@/lib/install/form-schema'
import type { FieldInput } from '@/lib/install/install-request'
import type { Field } from '@/lib/install/views'
import { ProtectedInput } from './protected-input'
import { submitOnEnter } from './submit-on-enter'

export type Drafts = Record<string, FieldDraft>

interface VariableFieldProps {
  field: Field
  fieldKey: string
  /** A value is stored already, so that blank means keep. */
  stored: boolean
  routeDomains: readonly string[]
  error: string | undefined
  control: Control<Drafts, unknown, Record<string, FieldInput>>
  register: UseFormRegister<Drafts>
}

/** What a person could miss in a value that they cannot read: its length, its lines, blanks at its ends. */
function describeText(text: string, masked: boolean): string | null {
  const lines = text.split('\n').length
  const parts = [
    masked && text !== '' ? `${text.length.toLocaleString('en')} ${text.length === 1 ? 'character' : 'characters'}` : null,
    lines > 1 ? `${lines} lines` : null,
    text !== '' && text.trim() !== text ? 'begins or ends with a space or an empty line' : null,
  ].filter((part) => part !== null)
  if (parts.length === 0) return null
  const sentence = `${parts.join(', ')}. Kept exactly as entered.`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function Destination({ field }: { field: Field }) {
  if (field.secret) {
    return (
      <span className="flex gap-1.5">
        <KeyRound aria-hidden className="text-caution mt-0.5 size-3.5 shrink-0" />
        <span className="wrap-anywhere">
          Stored as room secret <code className="text-foreground font-mono">{field.secret.id}</code>, owned by <code className="text-foreground font-mono">{field.secret.owner}</code>
        </span>
      </span>
    )
  }
  return (
    <span className="flex gap-1.5">
      <Lock aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      Kept encrypted with this installation and not shown again
    </span>
  )
}

/** One variable of a template as a form field: label, help, where the value goes, and its own error. */
export function VariableField({ field, fieldKey, stored, routeDomains, error, control, register }: VariableFieldProps) {
  const draft = useWatch({ control, name: fieldKey })
  const kept = isProtected(field)
  const note = field.kind === 'enum' || field.kind === 'route' ? null : describeText(draft.text, field.obscured)
  const ids = { help: `${fieldKey}-help`, place: `${fieldKey}-place`, stored: `${fieldKey}-stored`, note: `${fieldKey}-note`, error: `${fieldKey}-error` }
  const described = [error && ids.error, field.help && ids.help, kept && ids.place, stored && ids.stored, note && ids.note].filter(Boolean).join(' ')
  const shared = {
    id: fieldKey,
    disabled: draft.clear,
    'aria-required': !field.optional && !stored,
    'aria-invalid': error !== undefined,
    'aria-describedby': described === '' ? undefined : described,
    // Registered without `disabled`: a form library would drop the draft.
    ...register(`${fieldKey}.text`),
  }
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={fieldKey} className="wrap-anywhere">
        {field.label} <span className="text-muted-foreground font-normal">({field.optional ? 'optional' : 'required'})</span>
      </Label>
      {field.help ? (
        <p id={ids.help} className="text-muted-foreground text-sm leading-relaxed wrap-anywhere whitespace-pre-line">
          {field.help}
        </p>
      ) : null}
      <Entry field={field} stored={stored} routeDomains={routeDomains} shared={shared} domain={register(`${fieldKey}.domain`)} />
      {error ? (
        <p id={ids.error} className="text-destructive text-sm font-medium">
          {error}
        </p>
      ) : null}
      {note ? (
        <p id={ids.note} role="status" className="text-muted-foreground text-xs">
          {note}
        </p>
      ) : null}
      {kept ? (
        <p id={ids.place} className="text-muted-foreground text-[0.8125rem]">
          <Destination field={field} />
        </p>
      ) : null}
      {stored ? (
        <div className="mt-0.5 flex flex-col gap-1.5 text-[0.8125rem]">
          <p id={ids.stored} className="text-muted-foreground">
            A value is stored. Leave this empty to keep it.
          </p>
          {field.optional ? (
            <label className="flex items-start gap-2">
              <Checkbox {...register(`${fieldKey}.clear`)} />
              Remove the stored value
            </label>
          ) : null}
        </div>
      ) : null}
    </div>
  )
}

type Shared = ReturnType<UseFormRegister<Drafts>> & { id: string; disabled: boolean; 'aria-describedby': string | undefined }

function Entry({ field, stored, routeDomains, shared, domain }: { field: Field; stored: boolean; routeDomains: readonly string[]; shared: Shared; domain: ReturnType<UseFormRegister<Drafts>> }) {
  if (field.kind === 'enum') {
    return (
      <NativeSelect {...shared}>
        <option value="">{stored ? 'Keep what is stored' : field.optional ? 'Leave empty' : 'Choose…'}</option>
        {field.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </NativeSelect>
    )
  }
  if (field.kind === 'route' && routeDomains.length > 0) {
    return (
      <div className="flex flex-col gap-2 sm:flex-row sm:items-center">
        <Input {...shared} type="text" autoComplete="off" autoCapitalize="none" spellCheck={false} className="sm:flex-1" />
        {routeDomains.length === 1 ? (
          <span className="text-muted-foreground text-sm wrap-anywhere">.{routeDomains[0]}</span>
        ) : (
          <NativeSelect {...domain} aria-label={`Domain for ${field.label}`} disabled={shared.disabled} className="w-full sm:w-auto sm:min-w-48">
            {routeDomains.map((option) => (
              <option key={option} value={option}>
                .{option}
              </option>
            ))}
          </NativeSelect>
        )}
      </div>
    )
  }
  if (field.obscured) return <ProtectedInput {...shared} subject={field.label} />
  if (field.kind === 'route') return <Input {...shared} type="text" autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder="app.example.com" />
  if (field.kind === 'email') return <Input {...shared} type="text" inputMode="email" autoComplete="off" autoCapitalize="none" spellCheck={false} />
  return <Textarea {...shared} rows={1} autoComplete="off" spellCheck={false} onKeyDown={submitOnEnter} className="max-h-80 resize-none" />
}
