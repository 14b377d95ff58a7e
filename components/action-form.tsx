'use client'

import { createContext, startTransition, useActionState, useContext, useEffect, useRef, type ComponentProps, type ReactNode } from 'react'
import { LoaderCircle } from 'lucide-react'
import type { ActionResult } from '@/lib/action-result'
import { Alert } from '@/components/ui/alert'
import { Button } from '@/components/ui/button'

export type FormAction = (previous: ActionResult<string | null> | null, form: FormData) => Promise<ActionResult<string | null>>

const FormState = createContext<{ fields: Readonly<Record<string, string>>; pending: boolean }>({ fields: {}, pending: false })

export const useFormState = () => useContext(FormState)

interface ActionFormProps {
  action: FormAction
  children: ReactNode
  className?: string
  onDone?: () => void
  native?: boolean
  /** Shows what a success answers; without it the answer is a sentence. */
  success?: (value: string) => ReactNode
}

/**
 * A form around one server action. Typed values stay after a failure, each error is tied to its field, the first
 * wrong field takes the focus, and a second submit waits for the first. A success may say a sentence. `native` lets the
 * browser itself ask for what is `required`.
 */
export function ActionForm({ action, children, className, onDone, native = false, success }: ActionFormProps) {
  const [state, submit, pending] = useActionState(action, null)
  const form = useRef<HTMLFormElement>(null)
  const done = useRef(onDone)
  useEffect(() => {
    done.current = onDone
  })
  useEffect(() => {
    if (!state) return
    if (state.ok) {
      form.current?.reset()
      done.current?.()
      return
    }
    for (const secret of form.current?.querySelectorAll<HTMLInputElement>('input[type=password], .masked-text') ?? []) secret.value = ''
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]') ?? form.current?.querySelector<HTMLElement>('[data-form-error]')
    wrong?.focus()
  }, [state])
  const fields = state && !state.ok ? state.fields : {}
  return (
    <FormState value={{ fields, pending }}>
      <form
        ref={form}
        action={submit}
        noValidate={!native}
        className={className}
        onSubmit={(event) => {
          // React empties a form that is submitted through `action`, also after a failure.
          event.preventDefault()
          if (pending) return
          const data = new FormData(event.currentTarget, event.nativeEvent.submitter)
          startTransition(() => submit(data))
        }}
      >
        {state && !state.ok && Object.keys(fields).length === 0 ? (
          <Alert tone="destructive" role="alert" tabIndex={-1} data-form-error className="mb-4">
            <p>{state.message}</p>
          </Alert>
        ) : null}
        {children}
        <div role="status" className={state?.ok && state.value !== null ? 'text-positive mt-3 text-sm' : 'sr-only'}>
          {state?.ok && state.value !== null ? (success ? success(state.value) : state.value) : null}
        </div>
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
