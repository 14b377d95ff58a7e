import Link from 'next/link'
import { Avatar } from '@/components/avatar'
import { PageHeader } from '@/components/page-header'
import { Button } from '@/components/ui/button'
import { Card, CardContent } from '@/components/ui/card'
import { requireActor } from '@/lib/auth/current-actor'
import { listCatalogue, type CatalogueEntry } from '@/lib/catalogue/catalogue'
import { installPath } from '@/lib/ui/install-path'
import { queryText, type SearchParams } from '@/lib/ui/search-params'
import { TextSources } from '../install/source-step'

export const metadata = { title: 'Templates' }

export default async function TemplatesPage({ searchParams }: { searchParams: SearchParams }) {
  await requireActor()
  const room = await queryText(searchParams, 'room')
  const entries = await listCatalogue()
  return (
    <>
      <PageHeader title="Templates" description="Pick one to see what it does and what it asks for. Nothing is installed before you have reviewed it." />
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {entries.map((entry) => (
          <li key={entry.id}>
            <Entry entry={entry} room={room} />
          </li>
        ))}
      </ul>
      <h2 className="mt-10 mb-4 text-lg font-semibold">Not in the list?</h2>
      <div className="max-w-3xl">
        <TextSources room={room} />
        <p className="text-muted-foreground mt-4 text-sm">
          You have a link instead?{' '}
          <Link href={installPath({ room })} className="text-primary underline underline-offset-4">
            Open it here
          </Link>
          .
        </p>
      </div>
    </>
  )
}

const asked = ({ asks }: CatalogueEntry): string =>
  asks.length === 0 ? 'Asks for nothing' : `Asks for: ${asks.map((ask) => `${ask.label}${ask.secret ? ' (secret)' : ''}${ask.optional ? ' (optional)' : ''}`).join(', ')}`

function Entry({ entry, room }: { entry: CatalogueEntry; room: string | undefined }) {
  return (
    <Card className="h-full">
      <CardContent className="flex h-full flex-col gap-3 sm:p-5">
        <div className="flex items-center gap-3">
          <Avatar icon={entry.icon} name={entry.name} className="size-10 text-lg" />
          <h2 className="font-semibold wrap-anywhere">{entry.name}</h2>
        </div>
        <p className="text-sm leading-relaxed wrap-anywhere">{entry.description}</p>
        <p className="text-muted-foreground text-sm leading-relaxed wrap-anywhere">{asked(entry)}</p>
        <Button asChild variant="outline" className="mt-auto w-fit">
          <Link href={installPath({ catalogue: entry.id, room })}>
            Review <span className="sr-only">{entry.name}</span>
          </Link>
        </Button>
      </CardContent>
    </Card>
  )
}
