import { FolderKey } from 'lucide-react'
import Link from 'next/link'
import { EmptyState } from '@/components/empty-state'
import { PageHeader } from '@/components/page-header'
import { NameForm } from '@/components/places/name-form'
import { PlaceList } from '@/components/places/place-list'
import { Button } from '@/components/ui/button'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { pageCall } from '@/lib/auth/current-call'
import { listProjects } from '@/lib/projects/list-projects'
import { count } from '@/lib/ui/count'
import { createProjectAction } from './p/actions'

export const metadata = { title: 'Projects' }

export default async function ProjectsPage() {
  const call = await pageCall('/')
  const projects = await listProjects(call)
  const form = <NameForm action={createProjectAction} label="Name of the project" submit="Create project" />
  if (projects.length === 0) {
    return (
      <>
        <PageHeader title="Projects" />
        <EmptyState icon={FolderKey} title="Start with a project" action={<div className="w-full max-w-md text-left sm:w-md">{form}</div>}>
          A project holds rooms, and a room holds services and their secrets. Name it after your team or what you work on; you can rename it later.
        </EmptyState>
      </>
    )
  }
  return (
    <>
      <PageHeader
        title="Projects"
        description="Each project holds rooms, where services run with the secrets of the identities that need them."
        actions={
          <Button asChild>
            <Link href="/install">Install a service</Link>
          </Button>
        }
      />
      <PlaceList items={projects.map((project) => ({ href: `/p/${project.id}`, name: project.name, detail: `${count(project.rooms, 'room')} · you are ${project.role}` }))} />
      <Card className="mt-8 max-w-2xl">
        <CardHeader>
          <CardTitle>New project</CardTitle>
        </CardHeader>
        <CardContent>{form}</CardContent>
      </Card>
    </>
  )
}
