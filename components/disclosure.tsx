'use client'

import { useEffect, useRef, type ReactNode } from 'react'
import { usePathname } from 'next/navigation'

/** A small menu of ordinary links: opens on its summary, closes on Escape, on a click elsewhere and on navigation. */
export function Disclosure({ summary, label, children }: { summary: ReactNode; label: string; children: ReactNode }) {
  const element = useRef<HTMLDetailsElement>(null)
  const pathname = usePathname()
  const shownOn = useRef(pathname)
  useEffect(() => {
    // Not at first: it may have been opened before its script had arrived.
    if (shownOn.current === pathname) return
    shownOn.current = pathname
    if (element.current) element.current.open = false
  }, [pathname])
  useEffect(() => {
    const close = (event: PointerEvent | KeyboardEvent) => {
      const details = element.current
      if (!details?.open) return
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return
        details.open = false
        details.querySelector('summary')?.focus()
      } else if (!details.contains(event.target as Node)) details.open = false
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [])
  return (
    <details ref={element} className="relative">
      <summary aria-label={label} className="hover:bg-accent flex h-10 list-none items-center gap-2 rounded-md px-3 text-sm font-medium [&::-webkit-details-marker]:hidden">
        {summary}
      </summary>
      <div className="bg-card absolute top-full right-0 z-20 mt-2 w-64 rounded-lg border p-1.5 shadow-lg">{children}</div>
    </details>
  )
}
