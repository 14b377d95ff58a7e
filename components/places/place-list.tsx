import type { ReactNode } from 'react'
import Link from 'next/link'
import { ChevronRight } from 'lucide-react'

export interface PlaceItem {
  href: string
  name: string
  detail: ReactNode
}

/** Projects or rooms, each a large link. */
export function PlaceList({ items }: { items: readonly PlaceItem[] }) {
  return (
    <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {items.map((item) => (
        <li key={item.href}>
          <Link href={item.href} className="bg-card hover:border-primary/60 flex h-full items-center gap-3 rounded-xl border p-4 shadow-xs transition-colors">
            <span className="min-w-0 flex-1">
              <span className="block font-medium wrap-anywhere">{item.name}</span>
              <span className="text-muted-foreground mt-0.5 block text-sm">{item.detail}</span>
            </span>
            <ChevronRight aria-hidden className="text-muted-foreground size-4 shrink-0" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
