import type { ReactNode } from 'react'
import { Logo } from '@/components/logo'
import { Card, CardContent } from '@/components/ui/card'

/** A page with one card in the middle: signing in, setting up, an invitation. */
export function NarrowPage({ title, description, children }: { title: string; description?: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col gap-6 py-4 sm:py-10">
      <header className="flex flex-col items-center text-center">
        <Logo className="mb-4 size-11" />
        <h1 className="text-2xl font-semibold">{title}</h1>
        {description ? <div className="text-muted-foreground mt-2 text-[0.9375rem] leading-relaxed">{description}</div> : null}
      </header>
      <Card>
        <CardContent>{children}</CardContent>
      </Card>
    </div>
  )
}
