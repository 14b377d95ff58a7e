import type { ReactNode } from 'react'
import Link from 'next/link'
import { ChevronRight } from 'lucide-react'

export interface Crumb {
  href: string
  label: string
}

export function PageHeader({ title, description, crumbs = [], actions }: { title: string; description?: ReactNode; crumbs?: readonly Crumb[]; actions?: ReactNode }) {
  return (
    <header className="mb-6 sm:mb-8">
      {crumbs.length > 0 ? (
        <nav aria-label="Breadcrumb" className="mb-2">
          <ol className="text-muted-foreground flex flex-wrap items-center gap-1 text-sm">
            {crumbs.map((crumb) => (
              <li key={crumb.href} className="flex min-w-0 items-center gap-1">
                <Link href={crumb.href} className="hover:text-foreground rounded-sm underline-offset-4 wrap-anywhere hover:underline">
                  {crumb.label}
                </Link>
                <ChevronRight aria-hidden className="size-3.5 shrink-0" />
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-2xl font-semibold wrap-anywhere sm:text-[1.75rem]">{title}</h1>
          {description ? <div className="text-muted-foreground mt-1.5 max-w-2xl text-[0.9375rem] leading-relaxed">{description}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </header>
  )
}
