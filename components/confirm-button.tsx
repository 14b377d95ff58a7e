'use client'

import { useState, type ReactNode } from 'react'
import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

interface ConfirmButtonProps {
  action: FormAction
  /** What the button that opens the question says. */
  label: string
  title: string
  /** What will happen, and whatever there is to choose. */
  children: ReactNode
  confirm: string
  variant?: 'outline' | 'ghost' | 'destructive'
  size?: 'default' | 'sm'
}

/** Asks before it does something that cannot be taken back. */
export function ConfirmButton({ action, label, title, children, confirm, variant = 'outline', size = 'default' }: ConfirmButtonProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button type="button" variant={variant} size={size} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={title}>
        <ActionForm action={action} onDone={() => setOpen(false)}>
          <div className="text-sm leading-relaxed">{children}</div>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <Button type="button" variant="outline" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <SubmitButton variant="destructive">{confirm}</SubmitButton>
          </div>
        </ActionForm>
      </Dialog>
    </>
  )
}
