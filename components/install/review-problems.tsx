import { Alert, AlertTitle } from '@/components/ui/alert'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import type { TemplateReview } from '@/lib/install/views'
import { Mono } from './facts'

const LINE_SHOWN = 240

/** Why a template cannot be installed: one sentence for the visitor, and line by line for its author. */
export function ReviewProblems({ review, text }: { review: TemplateReview; text: string }) {
  const lines = text.split(/\r\n|[\n\r]/)
  const issues = [...review.inspection.errors, ...review.inspection.install].filter((issue) => issue.code !== 'value-required')
  return (
    <div className="flex flex-col gap-6">
      <Alert tone="destructive">
        <AlertTitle>This template cannot be installed</AlertTitle>
        <p>
          Something in it is not right, so nothing was stored and nothing runs. Only its author can mend it: send them this page&apos;s list, or ask whoever gave you the link for another one.
        </p>
      </Alert>
      <Card>
        <CardHeader>
          <CardTitle>For the author of the template</CardTitle>
          <CardDescription>{issues.length === 1 ? 'One thing to mend.' : `${issues.length} things to mend.`} Lines are those of the text as it was loaded.</CardDescription>
        </CardHeader>
        <CardContent>
          <ol className="flex flex-col gap-5">
            {issues.map((issue, index) => {
              const line = lines[issue.line - 1] ?? ''
              return (
                <li key={index} className="text-sm leading-relaxed">
                  <p className="font-medium wrap-anywhere">{issue.message}</p>
                  <p className="text-muted-foreground">
                    Line {issue.line}, column {issue.column}
                    {issue.path === '' ? null : (
                      <>
                        , at <Mono>{issue.path}</Mono>
                      </>
                    )}{' '}
                    <span className="whitespace-nowrap">({issue.code})</span>
                  </p>
                  {line.trim() === '' ? null : (
                    <pre className="bg-muted mt-2 overflow-x-auto rounded-md px-3 py-2 font-mono text-xs" tabIndex={0} aria-label={`Line ${issue.line} of the template`}>
                      {line.slice(0, LINE_SHOWN)}
                      {line.length > LINE_SHOWN ? '…' : ''}
                      {issue.column <= LINE_SHOWN ? (
                        <span aria-hidden className="text-destructive block">
                          {line.slice(0, issue.column - 1).replace(/[^\t]/g, ' ')}^
                        </span>
                      ) : null}
                    </pre>
                  )}
                </li>
              )
            })}
          </ol>
        </CardContent>
      </Card>
    </div>
  )
}
