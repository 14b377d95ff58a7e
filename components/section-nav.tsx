import Link from 'next/link'
import { cn } from '@/lib/ui/cn'

export interface Section {
  href: string
  label: string
}

/** The parts of a place, as links. */
export function SectionNav({ label, sections, current }: { label: string; sections: readonly Section[]; current: string }) {
  return (
    <nav aria-label={label} className="mb-6 border-b">
      <ul className="-mb-px flex gap-1 overflow-x-auto">
        {sections.map((section) => (
          <li key={section.href}>
            <Link
              href={section.href}
              aria-current={section.href === current ? 'page' : undefined}
              className={cn(
                'flex h-10 items-center border-b-2 px-3 text-sm font-medium whitespace-nowrap -outline-offset-2',
                section.href === current ? 'border-primary text-foreground' : 'text-muted-foreground hover:text-foreground border-transparent',
              )}
            >
              {section.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
