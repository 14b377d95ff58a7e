import { Boxes } from 'lucide-react'
import Link from 'next/link'
import { Avatar } from '@/components/avatar'
import { EmptyState } from '@/components/empty-state'
import { RuntimeNote } from '@/components/runtime-note'
import { PhaseBadge } from '@/components/service/phase-badge'
import { Button } from '@/components/ui/button'
import { listServices } from '@/lib/install/list-services'
import { installPath } from '@/lib/ui/install-path'
import { orNotFound } from '@/lib/ui/or-not-found'
import { loadRoom, RoomHeader, type RoomParams } from './room-page'

export const metadata = { title: 'Room' }

export default async function RoomPage({ params }: { params: RoomParams }) {
  const { call, room, base } = await loadRoom(params)
  const { services, runtime } = await orNotFound(listServices(call, { roomId: room.id }))
  const mayInstall = room.allowed.includes('install:service')
  const install = (
    <Button asChild>
      <Link href={installPath({ room: room.id })}>Install a service</Link>
    </Button>
  )
  return (
    <>
      <RoomHeader room={room} base={base} section="" actions={mayInstall && services.length > 0 ? install : null} />
      <h2 className="sr-only">Services</h2>
      {services.length === 0 ? (
        <EmptyState icon={Boxes} title="No services yet" action={mayInstall ? install : null}>
          {mayInstall ? 'Open an install link that somebody gave you, or pick a template from the catalogue. It will ask for what it needs.' : 'Services that an owner of this room installs appear here.'}
        </EmptyState>
      ) : (
        <>
          <ul className="bg-card divide-y overflow-hidden rounded-xl border shadow-xs">
            {services.map((service) => (
              <li key={service.installationId}>
                <Link href={`${base}/s/${service.installationId}`} className="hover:bg-accent flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4 -outline-offset-2 transition-colors sm:px-6">
                  <Avatar name={service.name} className="size-10 text-base" />
                  <span className="min-w-0 flex-1 basis-28">
                    <span className="block font-medium wrap-anywhere">{service.name}</span>
                    <span className="text-muted-foreground block font-mono text-xs wrap-anywhere">{service.serviceId}</span>
                  </span>
                  <PhaseBadge phase={service.status.phase} />
                  {service.status.reason === '' ? null : <span className="text-muted-foreground w-full text-sm sm:pl-14">{service.status.reason}</span>}
                </Link>
              </li>
            ))}
          </ul>
          <div className="mt-6">
            <RuntimeNote runtime={runtime} />
          </div>
        </>
      )}
    </>
  )
}
