import { notFound } from 'next/navigation'
import { NameForm } from '@/components/places/name-form'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { pageCall } from '@/lib/auth/current-call'
import { getProject } from '@/lib/projects/get-project'
import { orNotFound } from '@/lib/ui/or-not-found'
import { renameProjectAction } from '../../actions'
import { ProjectHeader } from '../project-header'

export const metadata = { title: 'Project settings' }

export default async function ProjectSettingsPage({ params }: { params: Promise<{ project: string }> }) {
  const call = await pageCall()
  const { project: projectId } = await params
  const project = await orNotFound(getProject(call, { projectId }))
  if (!project.allowed.includes('rename:project')) notFound()
  return (
    <>
      <ProjectHeader project={project} section="/settings" />
      <Card className="max-w-2xl">
        <CardHeader>
          <CardTitle>Name</CardTitle>
        </CardHeader>
        <CardContent>
          <NameForm action={renameProjectAction.bind(null, projectId)} label="Name of the project" submit="Rename" initial={project.name} />
        </CardContent>
      </Card>
    </>
  )
}
