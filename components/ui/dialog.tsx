'use client'

import { useEffect, useId, useRef, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { Button } from './button'

/**
 * A modal on the browser's own <dialog>: it traps the focus, closes on Escape, makes the page behind inert
 * and gives the focus back, with no script of ours.
 */
export function Dialog({ open, onClose, title, children }: { open: boolean; onClose: () => void; title: string; children: ReactNode }) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = element.current
    if (open && dialog && !dialog.open) dialog.showModal()
    if (!open && dialog?.open) dialog.close()
  }, [open])
  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) element.current.close()
      }}
      className="bg-card text-card-foreground m-auto w-[min(34rem,calc(100vw-2rem))] rounded-xl border p-0 shadow-xl backdrop:bg-black/50"
    >
      {open ? (
        <div className="p-5 sm:p-6">
          <div className="mb-4 flex items-start justify-between gap-4">
            <h2 id={titleId} className="text-lg font-semibold wrap-anywhere">
              {title}
            </h2>
            <Button type="button" variant="ghost" size="icon" className="-mt-2 -mr-2" aria-label="Close" onClick={() => element.current?.close()}>
              <X aria-hidden />
            </Button>
          </div>
          {children}
        </div>
      ) : null}
    </dialog>
  )
}
