import type { ReactNode } from 'react'
import { notFound } from 'next/navigation'
import { PageHeader } from '@/components/page-header'
import { SectionNav } from '@/components/section-nav'
import { pageCall } from '@/lib/auth/current-call'
import type { Call } from '@/lib/call'
import { getRoom, type RoomView } from '@/lib/projects/get-room'
import { orNotFound } from '@/lib/ui/or-not-found'

export type RoomParams = Promise<{ project: string; room: string }>

/** The call and the room of a room's page; a room under another project's address is not found. */
export async function loadRoom(params: RoomParams): Promise<{ call: Call; room: RoomView; base: string }> {
  const call = await pageCall()
  const { project, room: roomId } = await params
  const room = await orNotFound(getRoom(call, { roomId }))
  if (room.project.id !== project) notFound()
  return { call, room, base: `/p/${project}/r/${roomId}` }
}

export const roomCrumbs = (room: RoomView) => [
  { href: '/', label: 'Projects' },
  { href: `/p/${room.project.id}`, label: room.project.name },
]

export function RoomHeader({ room, base, section, actions }: { room: RoomView; base: string; section: '' | '/secrets' | '/people' | '/settings'; actions?: ReactNode }) {
  const sections = [
    { href: base, label: 'Services' },
    ...(room.allowed.includes('view:secret') ? [{ href: `${base}/secrets`, label: 'Secrets' }] : []),
    { href: `${base}/people`, label: 'People' },
    ...(room.allowed.includes('rename:room') ? [{ href: `${base}/settings`, label: 'Settings' }] : []),
  ]
  return (
    <>
      <PageHeader title={room.name} crumbs={roomCrumbs(room)} actions={actions} />
      <SectionNav label="Room" sections={sections} current={`${base}${section}`} />
    </>
  )
}
