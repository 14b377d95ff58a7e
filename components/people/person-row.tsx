import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/badge'

export function PersonRow({ name, email, you, badge, children }: { name: string | null; email: string; you: boolean; badge?: string; children?: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 px-4 py-3.5 sm:px-6">
      <div className="min-w-0 flex-1 basis-56">
        <p className="text-sm font-medium wrap-anywhere">
          {name ?? email} {you ? <span className="text-muted-foreground font-normal">(you)</span> : null}
        </p>
        {name === null ? null : <p className="text-muted-foreground text-sm wrap-anywhere">{email}</p>}
      </div>
      {badge === undefined ? null : <Badge>{badge}</Badge>}
      {children}
    </li>
  )
}
