import { notFound } from 'next/navigation'
import { NameForm } from '@/components/places/name-form'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import { renameRoomAction } from '../../../../actions'
import { loadRoom, RoomHeader, type RoomParams } from '../room-page'

export const metadata = { title: 'Room settings' }

export default async function RoomSettingsPage({ params }: { params: RoomParams }) {
  const { room, base } = await loadRoom(params)
  if (!room.allowed.includes('rename:room')) notFound()
  return (
    <>
      <RoomHeader room={room} base={base} section="/settings" />
      <Card className="max-w-2xl">
        <CardHeader>
          <CardTitle>Name</CardTitle>
        </CardHeader>
        <CardContent>
          <NameForm action={renameRoomAction.bind(null, room.project.id, room.id)} label="Name of the room" submit="Rename" initial={room.name} />
        </CardContent>
      </Card>
    </>
  )
}
