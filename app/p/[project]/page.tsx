import { DoorOpen } from 'lucide-react'
import { EmptyState } from '@/components/empty-state'
import { NameForm } from '@/components/places/name-form'
import { PlaceList } from '@/components/places/place-list'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { pageCall } from '@/lib/auth/current-call'
import { getProject } from '@/lib/projects/get-project'
import { listRooms } from '@/lib/projects/list-rooms'
import { count } from '@/lib/ui/count'
import { orNotFound } from '@/lib/ui/or-not-found'
import { createRoomAction } from '../actions'
import { ProjectHeader } from './project-header'

export const metadata = { title: 'Project' }

export default async function ProjectPage({ params }: { params: Promise<{ project: string }> }) {
  const call = await pageCall()
  const { project: projectId } = await params
  const project = await orNotFound(getProject(call, { projectId }))
  const rooms = await orNotFound(listRooms(call, { projectId }))
  const mayCreate = project.allowed.includes('create:room')
  const form = <NameForm action={createRoomAction.bind(null, projectId)} label="Name of the room" submit="Create room" />
  return (
    <>
      <ProjectHeader project={project} section="" />
      {rooms.length === 0 ? (
        <EmptyState icon={DoorOpen} title={mayCreate ? 'Make the first room' : 'No rooms for you yet'} action={mayCreate ? <div className="w-full text-left sm:w-md">{form}</div> : null}>
          {mayCreate
            ? 'A room is where services run together with their secrets. People see only the rooms they are let into.'
            : 'A room is where services run together with their secrets. Ask an admin of this project to let you into one.'}
        </EmptyState>
      ) : (
        <>
          <h2 className="sr-only">Rooms</h2>
          <PlaceList items={rooms.map((room) => ({ href: `/p/${projectId}/r/${room.id}`, name: room.name, detail: count(room.services, 'service') }))} />
          {mayCreate ? (
            <Card className="mt-8 max-w-2xl">
              <CardHeader>
                <CardTitle>New room</CardTitle>
              </CardHeader>
              <CardContent>{form}</CardContent>
            </Card>
          ) : null}
        </>
      )}
    </>
  )
}
