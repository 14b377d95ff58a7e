import type { ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'

/** What to do when there is nothing yet: says what belongs here and offers the next step. */
export function EmptyState({ icon: Icon, title, children, action }: { icon: LucideIcon; title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center rounded-xl border border-dashed px-6 py-10 text-center">
      <span className="bg-secondary text-primary mb-4 grid size-11 place-items-center rounded-full">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="font-medium">{title}</p>
      <div className="text-muted-foreground mt-1 max-w-md text-sm leading-relaxed">{children}</div>
      {action ? <div className="mt-5">{action}</div> : null}
    </div>
  )
}
