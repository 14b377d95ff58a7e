import { Avatar } from '@/components/avatar'
import { RuntimeNote } from '@/components/runtime-note'
import { Alert, AlertTitle } from '@/components/ui/alert'
import { Card, CardContent } from '@/components/ui/card'
import type { TemplateReview } from '@/lib/install/views'
import { Mono } from './facts'
import { Readme } from './readme'
import { ReviewSecrets } from './review-secrets'
import { ReviewWorkload } from './review-workload'

/** Everything that a person should know before consenting. */
export function ReviewCard({ review }: { review: TemplateReview }) {
  const { spec, unsupported } = review.inspection
  const { description, icon, repo, annotations } = spec?.metadata ?? {}
  const name = review.inspection.name ?? ''
  const readme = annotations?.['meshagent.service.readme']
  return (
    <div className="flex flex-col gap-6">
      <Card>
        <CardContent className="flex flex-col gap-5">
          <div className="flex items-start gap-4">
            <Avatar icon={icon} name={name} />
            <div className="min-w-0">
              <h2 className="text-xl font-semibold wrap-anywhere">{name || 'A template without a name'}</h2>
              {description ? <p className="text-muted-foreground mt-1 text-[0.9375rem] leading-relaxed wrap-anywhere">{description}</p> : null}
            </div>
          </div>
          <dl className="text-muted-foreground grid gap-x-3 gap-y-1 border-t pt-4 text-xs sm:grid-cols-[auto_minmax(0,1fr)]">
            <dt>Comes from</dt>
            <dd className="text-foreground wrap-anywhere">{review.sourceUrl ?? 'The catalogue, a file or pasted text'}</dd>
            {repo ? (
              <>
                <dt>Source code, as the author says</dt>
                <dd className="text-foreground wrap-anywhere">{repo}</dd>
              </>
            ) : null}
            <dt>Fingerprint</dt>
            <dd className="text-foreground">
              <Mono>{review.digest}</Mono>
            </dd>
          </dl>
        </CardContent>
      </Card>
      <ReviewSecrets review={review} />
      {spec ? (
        <ReviewWorkload spec={spec} />
      ) : (
        <Alert tone="caution">
          <AlertTitle>What will run depends on your answers</AlertTitle>
          <p>This template cannot be shown in full before its form is filled in. Install it only if you trust where it comes from.</p>
        </Alert>
      )}
      <RuntimeNote runtime={review.runtime} />
      {unsupported.length > 0 ? (
        <Alert tone="caution">
          <AlertTitle>Not supported by this server</AlertTitle>
          <p>The service is installed without these parts of the template:</p>
          <ul className="mt-1 flex list-disc flex-col gap-1 pl-4">
            {unsupported.map((part, index) => (
              <li key={index}>
                {part.message} {part.path === '' ? null : <Mono>{part.path}</Mono>}
              </li>
            ))}
          </ul>
        </Alert>
      ) : null}
      {readme ? (
        <Card>
          <details>
            <summary className="rounded-xl p-4 text-base font-semibold sm:px-6">What the author says about it</summary>
            <div className="p-4 pt-0 sm:p-6 sm:pt-0">
              <h3 className="sr-only">Readme</h3>
              <Readme text={readme} />
            </div>
          </details>
        </Card>
      ) : null}
    </div>
  )
}
