'use client'

import { useId, type ComponentProps, type ReactNode } from 'react'
import { cn } from '@/lib/ui/cn'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { NativeSelect } from '@/components/ui/native-select'
import { Textarea } from '@/components/ui/textarea'
import { useFormState } from './action-form'

interface Labelled {
  name: string
  label: string
  help?: ReactNode
  className?: string
}

/** What ties a control to its help and its error. */
function useField(name: string, help: ReactNode) {
  const id = useId()
  const error = useFormState().fields[name]
  const described = [help ? `${id}-help` : null, error ? `${id}-error` : null].filter((part) => part !== null).join(' ')
  return { id, error, control: { id, name, 'aria-invalid': error !== undefined, ...(described === '' ? {} : { 'aria-describedby': described }) } }
}

function Frame({ id, label, help, error, className, children }: { id: string; label: string; help: ReactNode; error: string | undefined; className: string | undefined; children: ReactNode }) {
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      <Label htmlFor={id}>{label}</Label>
      {children}
      {help ? (
        <p id={`${id}-help`} className="text-muted-foreground text-sm">
          {help}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-destructive text-sm font-medium">
          {error}
        </p>
      ) : null}
    </div>
  )
}

export function TextField({ name, label, help, className, ...props }: Labelled & Omit<ComponentProps<'input'>, keyof Labelled>) {
  const { id, error, control } = useField(name, help)
  return (
    <Frame {...{ id, label, help, error, className }}>
      <Input {...props} {...control} />
    </Frame>
  )
}

export function TextAreaField({ name, label, help, className, controlClassName, ...props }: Labelled & { controlClassName?: string } & Omit<ComponentProps<'textarea'>, keyof Labelled>) {
  const { id, error, control } = useField(name, help)
  return (
    <Frame {...{ id, label, help, error, className }}>
      <Textarea {...props} {...control} className={controlClassName} />
    </Frame>
  )
}

export function SelectField({ name, label, help, className, children, ...props }: Labelled & Omit<ComponentProps<'select'>, keyof Labelled>) {
  const { id, error, control } = useField(name, help)
  return (
    <Frame {...{ id, label, help, error, className }}>
      <NativeSelect {...props} {...control}>
        {children}
      </NativeSelect>
    </Frame>
  )
}
