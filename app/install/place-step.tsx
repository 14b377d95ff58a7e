import Link from 'next/link'
import { ChevronRight, DoorOpen } from 'lucide-react'
import { StepList } from '@/components/install/step-list'
import { PageHeader } from '@/components/page-header'
import { NameForm } from '@/components/places/name-form'
import { Alert } from '@/components/ui/alert'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { can } from '@/lib/authz/permission'
import type { Call } from '@/lib/call'
import { listProjects } from '@/lib/projects/list-projects'
import { listRooms } from '@/lib/projects/list-rooms'
import { count } from '@/lib/ui/count'
import { installPath } from '@/lib/ui/install-path'
import { createInstallProjectAction, createInstallRoomAction } from './actions'

interface PlaceStepProps {
  call: Call
  template: string
  name: string
  openProject: string | undefined
  problem: string | null
}

/** Which room the service goes to: one that there is, or a new one. */
export async function PlaceStep({ call, template, name, openProject, problem }: PlaceStepProps) {
  const projects = await Promise.all((await listProjects(call)).map(async (project) => ({ ...project, list: await listRooms(call, { projectId: project.id }) })))
  return (
    <>
      <PageHeader title="Where should it live?" description={`A room holds services and their secrets; people of the room see “${name}” there.`} />
      <StepList current="Place" />
      {problem === null ? null : (
        <Alert tone="destructive" role="alert" className="mb-6">
          <p>{problem} Choose another room.</p>
        </Alert>
      )}
      <div className="flex flex-col gap-6">
        {projects.map((project) => {
          const mayCreate = can({ role: project.role, grant: null }, 'create:room')
          return (
            <Card key={project.id}>
              <CardHeader>
                <CardTitle className="wrap-anywhere">{project.name}</CardTitle>
              </CardHeader>
              <CardContent className="flex flex-col gap-4">
                {project.list.length === 0 ? <p className="text-muted-foreground text-sm">{mayCreate ? 'No rooms yet. Create the first one:' : 'You have no access to a room here. Ask a project admin for one.'}</p> : null}
                <ul className="flex flex-col gap-2">
                  {project.list.map((room) =>
                    can({ role: project.role, grant: room.grant }, 'install:service') ? (
                      <li key={room.id}>
                        <Link href={installPath({ template, room: room.id, step: 'form' })} className="hover:border-primary/60 hover:bg-accent flex items-center gap-3 rounded-lg border px-4 py-3 text-sm transition-colors">
                          <DoorOpen aria-hidden className="text-primary size-4.5 shrink-0" />
                          <span className="min-w-0 flex-1">
                            <span className="block font-medium wrap-anywhere">{room.name}</span>
                            <span className="text-muted-foreground">{count(room.services, 'service')}</span>
                          </span>
                          <ChevronRight aria-hidden className="text-muted-foreground size-4 shrink-0" />
                        </Link>
                      </li>
                    ) : (
                      <li key={room.id} className="text-muted-foreground rounded-lg border border-dashed px-4 py-3 text-sm">
                        <span className="text-foreground font-medium wrap-anywhere">{room.name}</span>: only its owners install here.
                      </li>
                    ),
                  )}
                </ul>
                {mayCreate ? (
                  <details open={project.list.length === 0 || project.id === openProject}>
                    <summary className="text-primary w-fit rounded-sm text-sm font-medium">New room in {project.name}</summary>
                    <div className="pt-3">
                      <NameForm action={createInstallRoomAction.bind(null, template, project.id)} label="Name of the room" submit="Create and continue" />
                    </div>
                  </details>
                ) : null}
              </CardContent>
            </Card>
          )
        })}
        <Card>
          <CardHeader>
            <CardTitle>{projects.length === 0 ? 'Create your first project' : 'New project'}</CardTitle>
          </CardHeader>
          <CardContent>
            <NameForm action={createInstallProjectAction.bind(null, template)} label="Name of the project" submit="Create project" help="A project holds rooms. Next you name a room in it." />
          </CardContent>
        </Card>
      </div>
    </>
  )
}
