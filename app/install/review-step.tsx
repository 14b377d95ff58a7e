import Link from 'next/link'
import { ActionForm, SubmitButton } from '@/components/action-form'
import { ReviewCard } from '@/components/install/review-card'
import { ReviewProblems } from '@/components/install/review-problems'
import { StepList } from '@/components/install/step-list'
import { TickList } from '@/components/install/tick-list'
import { PageHeader } from '@/components/page-header'
import { Alert } from '@/components/ui/alert'
import { Button } from '@/components/ui/button'
import type { Call } from '@/lib/call'
import { readTemplate } from '@/lib/install/read-template'
import type { TemplateReview } from '@/lib/install/views'
import { acceptReviewAction } from './actions'

export async function ReviewStep({ call, review, room }: { call: Call; review: TemplateReview; room: string | undefined }) {
  if (review.stops.length > 0) {
    return (
      <>
        <PageHeader title="Review the template" />
        <StepList current="Review" />
        <ReviewProblems review={review} text={await readTemplate(call.db, review.digest)} />
        <Button asChild variant="outline" className="mt-6">
          <Link href="/install">Choose another template</Link>
        </Button>
      </>
    )
  }
  return (
    <>
      <PageHeader title="Review before you install" description="This is what the template asks for. Nothing is stored and nothing runs until you have filled in its form." />
      <StepList current="Review" />
      <ReviewCard review={review} />
      <section aria-labelledby="consent" className="mt-8">
        <h2 id="consent" className="mb-3 text-lg font-semibold">
          {review.ticks.length > 0 ? 'Warnings to confirm' : 'Ready to go on'}
        </h2>
        <ActionForm native action={acceptReviewAction.bind(null, { digest: review.digest, sourceUrl: review.sourceUrl, roomId: room })}>
          {review.ticks.length > 0 ? (
            <>
              <p className="text-muted-foreground mb-3 text-sm">Tick each one that you have read and agree with. If you are not sure, ask whoever gave you the link.</p>
              <TickList ticks={review.ticks} />
            </>
          ) : (
            <p className="text-muted-foreground text-sm">We found nothing in this template that needs a warning. Still, install only what you trust.</p>
          )}
          {review.runtime.available ? null : (
            <Alert tone="caution" className="mt-4">
              <p>You can go on, but the service will not start before this server can run services.</p>
            </Alert>
          )}
          <div className="mt-5 flex flex-wrap gap-3">
            <SubmitButton size="lg">{room === undefined ? 'Choose where to install' : 'Continue to the form'}</SubmitButton>
            <Button asChild variant="outline" size="lg">
              <Link href="/">Cancel</Link>
            </Button>
          </div>
        </ActionForm>
      </section>
    </>
  )
}
