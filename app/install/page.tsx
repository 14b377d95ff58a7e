import { Suspense } from 'react'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { LoaderCircle } from 'lucide-react'
import { PageHeader } from '@/components/page-header'
import { StepList } from '@/components/install/step-list'
import { pageCall } from '@/lib/auth/current-call'
import type { Call } from '@/lib/call'
import { AppError } from '@/lib/errors'
import { loadTemplate } from '@/lib/install/load-template'
import { reviewTemplate } from '@/lib/install/review-template'
import type { TemplateReview } from '@/lib/install/views'
import { templateAddress } from '@/lib/ui/install-link'
import { installPath } from '@/lib/ui/install-path'
import { queryText, type SearchParams } from '@/lib/ui/search-params'
import { readConsent } from './consent'
import { FormStep } from './form-step'
import { PlaceStep } from './place-step'
import { ReviewStep } from './review-step'
import { SourceStep } from './source-step'

const parameters = ['url', 'template', 'catalogue', 'room', 'project', 'step'] as const
type Query = Readonly<Record<(typeof parameters)[number], string | undefined>>

async function queryOf(search: SearchParams): Promise<Query> {
  const [url, template, catalogue, room, project, step] = await Promise.all(parameters.map((name) => queryText(search, name)))
  return { url, template, catalogue, room, project, step }
}

/** Each step has its own title: that is what screen readers announce when the step changes. */
export async function generateMetadata({ searchParams }: { searchParams: SearchParams }): Promise<Metadata> {
  const query = await queryOf(searchParams)
  if (query.step === 'place') return { title: 'Choose a room' }
  if (query.step === 'form') return { title: 'Fill in the form' }
  return { title: (query.url ?? query.template ?? query.catalogue) === undefined ? 'Install a service' : 'Review a template' }
}

export default async function InstallPage({ searchParams }: { searchParams: SearchParams }) {
  const call = await pageCall()
  const query = await queryOf(searchParams)
  const asked = query.url ?? query.template ?? query.catalogue
  return (
    <div className="mx-auto max-w-3xl">
      {asked === undefined ? (
        <SourceStep room={query.room} />
      ) : (
        // Keyed by the address, so that a slow template shows that it is being fetched.
        <Suspense key={JSON.stringify(query)} fallback={<Loading url={query.url} />}>
          <Wizard call={call} query={query} />
        </Suspense>
      )}
    </div>
  )
}

function Loading({ url }: { url: string | undefined }) {
  return (
    <>
      <PageHeader title="Install a service" />
      <StepList current="Template" />
      <p role="status" className="text-muted-foreground flex items-center gap-3 text-sm">
        <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />
        <span className="min-w-0 wrap-anywhere">{url === undefined ? 'Reading the template…' : `Fetching the template from ${url}`}</span>
      </p>
    </>
  )
}

/** The digest to go on with, and where the text came from. A link is fetched anew: its source is never taken on trust. */
async function sourceOf(call: Call, query: Query): Promise<{ digest: string; sourceUrl: string | null }> {
  if (query.url !== undefined) return await loadTemplate(call, { url: templateAddress(query.url) })
  if (query.catalogue !== undefined) return await loadTemplate(call, { catalogue: query.catalogue })
  const digest = query.template ?? ''
  return { digest, sourceUrl: (await readConsent(digest))?.sourceUrl ?? null }
}

type Loaded = { review: TemplateReview; roomProblem: string | null } | { problem: string }

/** The review, for the chosen room if the person may install there. */
async function load(call: Call, query: Query): Promise<Loaded> {
  try {
    const source = await sourceOf(call, query)
    if (query.room === undefined) return { review: await reviewTemplate(call, source), roomProblem: null }
    try {
      return { review: await reviewTemplate(call, { ...source, roomId: query.room }), roomProblem: null }
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== 'not-found' && error.code !== 'forbidden')) throw error
      return { review: await reviewTemplate(call, source), roomProblem: error.message }
    }
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message }
    throw error
  }
}

async function Wizard({ call, query }: { call: Call; query: Query }) {
  const loaded = await load(call, query)
  if ('problem' in loaded) return <SourceStep url={query.url} problem={loaded.problem} room={query.room} />
  const { review, roomProblem } = loaded
  const consent = review.stops.length === 0 ? await readConsent(review.digest) : null
  if (query.step === undefined || query.template === undefined) return <ReviewStep call={call} review={review} room={roomProblem === null ? query.room : undefined} />
  if (!consent) redirect(installPath({ template: query.template, room: query.room }))
  if (query.step === 'form' && query.room !== undefined && roomProblem === null) {
    return <FormStep call={call} review={{ ...review, sourceUrl: consent.sourceUrl }} roomId={query.room} accepted={(tick) => consent.accepted(tick.key)} />
  }
  return <PlaceStep call={call} template={review.digest} name={review.inspection.name ?? 'this service'} openProject={query.project} problem={roomProblem} />
}
