'use client'

import { createContext, startTransition, useActionState, useContext, useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react'
import { LoaderCircle } from 'lucide-react'
import type { ActionResult } from '@/lib/action-result'
import { Alert } from '@/components/ui/alert'
import { Button } from '@/components/ui/button'

export type FormAction = (previous: ActionResult<string | null> | null, form: FormData) => Promise<ActionResult<string | null>>

const FormState = createContext<{ fields: Readonly<Record<string, string>>; pending: boolean; scope: string }>({ fields: {}, pending: false, scope: '' })

export const useFormState = () => useContext(FormState)

/**
 * A form around one server action. Typed values stay after a failure, each error is tied to its field, the first
 * wrong field takes the focus, and a second submit waits for the first. A success may say a sentence.
 */
export function ActionForm({ action, children, className, onDone }: { action: FormAction; children: ReactNode; className?: string; onDone?: () => void }) {
  const [state, submit, pending] = useActionState(action, null)
  const form = useRef<HTMLFormElement>(null)
  const scope = useId()
  useEffect(() => {
    if (!state) return
    if (state.ok) {
      form.current?.reset()
      onDone?.()
      return
    }
    for (const secret of form.current?.querySelectorAll<HTMLInputElement>('input[type=password], .masked-text') ?? []) secret.value = ''
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]') ?? form.current?.querySelector<HTMLElement>('[data-form-error]')
    wrong?.focus()
  }, [state, onDone])
  const fields = state && !state.ok ? state.fields : {}
  return (
    <FormState value={{ fields, pending, scope }}>
      <form
        ref={form}
        action={submit}
        noValidate
        className={className}
        onSubmit={(event) => {
          // React empties a form that is submitted through `action`, also after a failure.
          event.preventDefault()
          if (pending) return
          const data = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter)
          startTransition(() => submit(data))
        }}
      >
        {state && !state.ok && Object.keys(fields).length === 0 ? (
          <Alert tone="destructive" role="alert" tabIndex={-1} data-form-error className="mb-4">
            <p>{state.message}</p>
          </Alert>
        ) : null}
        {children}
        <p role="status" className={state?.ok && state.value !== null ? 'text-positive mt-3 text-sm' : 'sr-only'}>
          {state?.ok ? state.value : null}
        </p>
      </form>
    </FormState>
  )
}

export function SubmitButton({ children, ...props }: ComponentProps<typeof Button>) {
  const { pending } = useFormState()
  return (
    <Button type="submit" aria-disabled={pending} {...props}>
      {pending ? <LoaderCircle aria-hidden className="animate-spin" /> : null}
      {children}
    </Button>
  )
}
