'use client'

import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/page-header'

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <PageHeader title="Something went wrong on the server" description="Nothing that you entered was lost on our side. Try again; if it keeps happening, tell whoever runs this server." />
      <div className="flex flex-wrap items-center gap-4">
        <Button onClick={reset}>Try again</Button>
        {error.digest ? <p className="text-muted-foreground text-sm">Reference for the server log: {error.digest}</p> : null}
      </div>
    </>
  )
}
