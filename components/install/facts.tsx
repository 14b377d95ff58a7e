import type { ReactNode } from 'react'

/** Pairs of a name and what it is; one column on a phone, two on a desk. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y text-sm">{children}</dl>
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-1 py-3 first:pt-0 last:pb-0 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}

export function Mono({ children }: { children: ReactNode }) {
  return <code className="font-mono text-[0.8125rem] wrap-anywhere">{children}</code>
}
