import { KeyRound } from 'lucide-react'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { TemplateReview } from '@/lib/install/views'
import { Mono } from './facts'

/** Which secrets an installation stores for whom, and which existing ones it reads: in full, never cut off. */
export function ReviewSecrets({ review }: { review: TemplateReview }) {
  const { writes, reads } = review.inspection.secrets
  const labelOf = (variable: string) => review.fields.find((field) => field.name === variable)?.label ?? variable
  const foreign = reads.filter((read) => !writes.some((write) => write.identity === read.identity && write.id === read.id))
  return (
    <Card>
      <CardHeader>
        <CardTitle className="flex items-center gap-2">
          <KeyRound aria-hidden className="text-caution size-4.5" />
          Secrets
        </CardTitle>
      </CardHeader>
      <CardContent className="grid gap-6 lg:grid-cols-2">
        <section aria-labelledby="secrets-stored">
          <h3 id="secrets-stored" className="mb-3 text-sm font-medium">
            Secrets that will be stored
          </h3>
          {writes.length === 0 ? (
            <p className="text-muted-foreground text-sm">None. This template asks for no secret.</p>
          ) : (
            <ul className="flex flex-col gap-3">
              {writes.map((write) => {
                const environment = reads.filter((read) => read.identity === write.identity && read.id === write.id)
                return (
                  <li key={`${write.variable}\n${write.id}`} className="border-caution/40 border-l-2 pl-3 text-sm leading-relaxed">
                    <Mono>{write.id}</Mono>
                    <span className="text-muted-foreground block">
                      owned by <Mono>{write.identity ?? 'nobody: the template names no owner'}</Mono>
                    </span>
                    <span className="text-muted-foreground block wrap-anywhere">from the field “{labelOf(write.variable)}”</span>
                    {environment.length > 0 ? (
                      <span className="text-muted-foreground block">
                        handed to the service as <Mono>{environment.map((read) => read.env).join(', ')}</Mono>
                      </span>
                    ) : null}
                  </li>
                )
              })}
            </ul>
          )}
        </section>
        <section aria-labelledby="secrets-read">
          <h3 id="secrets-read" className="mb-3 text-sm font-medium">
            Existing secrets that will be read
          </h3>
          {foreign.length === 0 ? (
            <p className="text-muted-foreground text-sm">None. The service reads no secret that this form does not ask for.</p>
          ) : (
            <ul className="flex flex-col gap-3">
              {foreign.map((read) => (
                <li key={`${read.env}\n${read.identity}\n${read.id}`} className="border-destructive/50 border-l-2 pl-3 text-sm leading-relaxed">
                  <Mono>{read.id}</Mono>
                  <span className="text-muted-foreground block">
                    owned by <Mono>{read.identity}</Mono>
                  </span>
                  <span className="text-muted-foreground block">
                    handed to the service as <Mono>{read.env}</Mono>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </section>
      </CardContent>
    </Card>
  )
}
