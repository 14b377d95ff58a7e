'use client'

import { useMemo, useRef, useState } from 'react'
import { useRouter } from 'next/navigation'
import { zodResolver } from '@hookform/resolvers/zod'
import { LoaderCircle } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { Alert } from '@/components/ui/alert'
import { Button } from '@/components/ui/button'
import type { ActionResult } from '@/lib/action-result'
import { fieldKey, firstDraft, formSchema, isProtected } from '@/lib/install/form-schema'
import type { FieldInput, InstallRequest } from '@/lib/install/install-request'
import type { Field, Tick } from '@/lib/install/views'
import { TickList } from './tick-list'
import { VariableField, type Drafts } from './variable-field'

export interface InstallFormProps {
  fields: readonly Field[]
  existing: readonly string[]
  routeDomains: readonly string[]
  prefill: Readonly<Record<string, string>>
  /** Warnings that were not accepted at the review, because they depend on the room. Answers may bring up more. */
  ticks: readonly Tick[]
  request: Pick<InstallRequest, 'roomId' | 'digest' | 'sourceUrl' | 'accepted' | 'updates'>
  submitLabel: string
  install: (request: InstallRequest) => Promise<ActionResult<InstallOutcome>>
}

/** Where to go, or warnings that only the answers brought up. */
export type InstallOutcome = { href: string } | { ticks: readonly Tick[] }

/** A random UUID; `crypto.randomUUID` is missing on pages served over plain http. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = Array.from(bytes, (byte, index) => (index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function InstallForm({ fields, existing, routeDomains, prefill, request, submitLabel, install, ...props }: InstallFormProps) {
  const router = useRouter()
  const options = useMemo(() => ({ existing, routeDomains }), [existing, routeDomains])
  const schema = useMemo(() => formSchema(fields, options), [fields, options])
  const requestKey = useRef<string | null>(null)
  const [ticks, setTicks] = useState(props.ticks)
  const [accepted, setAccepted] = useState<readonly string[]>([])
  const [ticksWanted, setTicksWanted] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [sent, setSent] = useState(false)
  const form = useForm<Drafts, unknown, Record<string, FieldInput>>({
    resolver: zodResolver(schema),
    defaultValues: Object.fromEntries(fields.map((field, index) => [fieldKey(index), firstDraft(field, prefill[field.name], options)])),
  })
  const { errors, isSubmitting } = form.formState
  const busy = isSubmitting || sent

  /** Leaves nothing behind in the browser's memory that will not be shown again. */
  const forgetProtected = () =>
    fields.forEach((field, index) => {
      if (isProtected(field)) form.setValue(`${fieldKey(index)}.text`, '')
    })

  const send = form.handleSubmit(async (inputs) => {
    const missing = ticks.find((tick) => !accepted.includes(tick.key))
    setTicksWanted(missing !== undefined)
    if (missing) {
      document.getElementById(`tick-${missing.key}`)?.focus()
      return
    }
    setFailure(null)
    requestKey.current ??= randomUuid()
    const result = await install({ ...request, accepted: [...request.accepted, ...accepted], inputs, requestKey: requestKey.current }).catch(
      (): ActionResult<InstallOutcome> => ({ ok: false, code: 'unavailable', message: 'The server did not answer. Check your connection and try again; nothing is installed twice.', fields: {} }),
    )
    if (result.ok && 'ticks' in result.value) {
      setTicks(result.value.ticks.filter((tick) => !request.accepted.includes(tick.key)))
      setFailure('Your answers bring up something to confirm first. Nothing was installed yet.')
      return
    }
    const typed = fields.some((field) => isProtected(field) && inputs[field.name]?.action === 'set')
    forgetProtected()
    if (result.ok) {
      setSent(true)
      if ('href' in result.value) router.push(result.value.href)
      return
    }
    const wrong = fields.flatMap((field, index) => (result.fields[field.name] === undefined ? [] : [{ key: fieldKey(index), message: result.fields[field.name] ?? '' }]))
    wrong.forEach(({ key, message }, index) => form.setError(`${key}.text`, { type: 'server', message }, { shouldFocus: index === 0 }))
    const again = typed ? ' For safety the masked and secret fields were emptied: please enter them again.' : ''
    setFailure(`${result.message}${again}`)
  })

  return (
    <form
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        if (busy) event.preventDefault()
        else void send(event)
      }}
      className="flex flex-col gap-6"
    >
      {failure ? (
        <Alert tone="destructive" role="alert">
          <p>{failure}</p>
        </Alert>
      ) : null}
      {fields.map((field, index) => (
        <VariableField
          key={fieldKey(index)}
          field={field}
          fieldKey={fieldKey(index)}
          stored={isProtected(field) && existing.includes(field.name)}
          routeDomains={routeDomains}
          error={errors[fieldKey(index)]?.text?.message}
          control={form.control}
          register={form.register}
        />
      ))}
      {ticks.length > 0 ? (
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 text-sm font-medium">Please confirm</legend>
          <TickList
            ticks={ticks}
            checked={accepted}
            wanted={ticksWanted}
            onChange={(key, on) => setAccepted((before) => (on ? [...before, key] : before.filter((other) => other !== key)))}
          />
        </fieldset>
      ) : null}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" size="lg" aria-disabled={busy}>
          {busy ? <LoaderCircle aria-hidden className="animate-spin" /> : null}
          {submitLabel}
        </Button>
        <p role="status" className="text-muted-foreground text-sm">
          {busy ? 'Storing the secrets and starting the service…' : null}
        </p>
      </div>
    </form>
  )
}
