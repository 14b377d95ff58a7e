import Link from 'next/link'
import { ActionForm, SubmitButton } from '@/components/action-form'
import { TextAreaField, TextField } from '@/components/form-fields'
import { StepList } from '@/components/install/step-list'
import { PageHeader } from '@/components/page-header'
import { Button } from '@/components/ui/button'
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from '@/components/ui/card'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { loadTextAction } from './actions'

/** Where the template comes from: a link, the catalogue, a text or a file. A room that is chosen already is carried on. */
export function SourceStep({ url, problem, room }: { url?: string | undefined; problem?: string; room: string | undefined }) {
  const linkProblem = url === undefined ? undefined : problem
  return (
    <>
      <PageHeader title="Install a service" description="Start from a template: a text that says what runs and what it needs to know. You see everything in it before anything is installed." />
      <StepList current="Template" />
      <div className="flex flex-col gap-6">
        {problem !== undefined && url === undefined ? (
          <p role="alert" className="text-destructive text-sm font-medium">
            {problem}
          </p>
        ) : null}
        <Card>
          <CardHeader>
            <CardTitle>From a link</CardTitle>
            <CardDescription>Paste the address of a template, or the install link that someone gave you.</CardDescription>
          </CardHeader>
          <CardContent>
            <form method="get" action="/install" className="flex flex-col gap-3 sm:flex-row sm:items-end">
              {room === undefined ? null : <input type="hidden" name="room" value={room} />}
              <div className="flex flex-1 flex-col gap-1.5">
                <Label htmlFor="template-url">Address of the template</Label>
                <Input
                  id="template-url"
                  name="url"
                  type="text"
                  inputMode="url"
                  required
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  defaultValue={url}
                  autoFocus={linkProblem !== undefined}
                  placeholder="https://example.com/template.yaml"
                  aria-invalid={linkProblem !== undefined}
                  aria-describedby={linkProblem === undefined ? undefined : 'template-url-error'}
                />
              </div>
              <Button type="submit">Open</Button>
            </form>
            {linkProblem === undefined ? null : (
              <p id="template-url-error" role="alert" className="text-destructive mt-3 text-sm font-medium wrap-anywhere">
                {linkProblem}
              </p>
            )}
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>From the catalogue</CardTitle>
            <CardDescription>Templates that come with this server and run on it as they are.</CardDescription>
          </CardHeader>
          <CardContent>
            <Button asChild variant="outline">
              <Link href={room === undefined ? '/templates' : `/templates?room=${encodeURIComponent(room)}`}>See the catalogue</Link>
            </Button>
          </CardContent>
        </Card>
        <TextSources room={room} />
      </div>
    </>
  )
}

/** A template of one's own: pasted or uploaded. */
export function TextSources({ room }: { room: string | undefined }) {
  const load = loadTextAction.bind(null, room)
  return (
    <Card>
      <CardHeader>
        <CardTitle>From a file or text of your own</CardTitle>
        <CardDescription>YAML of kind ServiceTemplate or Service, at most 1 MiB.</CardDescription>
      </CardHeader>
      <CardContent className="flex flex-col gap-6">
        <ActionForm action={load}>
          <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
            <TextField name="file" label="Template file" type="file" accept=".yaml,.yml,.txt,text/yaml,application/yaml,text/plain" className="flex-1" />
            <SubmitButton variant="outline" className="sm:mt-6.5">
              Upload
            </SubmitButton>
          </div>
        </ActionForm>
        <ActionForm action={load} className="flex flex-col gap-3">
          <TextAreaField name="text" label="Template text" rows={6} spellCheck={false} autoComplete="off" controlClassName="max-h-96 min-h-36 font-mono text-[0.8125rem] md:text-[0.8125rem]" />
          <div>
            <SubmitButton variant="outline">Review this text</SubmitButton>
          </div>
        </ActionForm>
      </CardContent>
    </Card>
  )
}
