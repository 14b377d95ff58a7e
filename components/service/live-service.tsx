'use client'

import { useEffect, useRef, type ReactNode } from 'react'
import { useRouter } from 'next/navigation'
import { Moment } from '@/components/moment'
import { Alert } from '@/components/ui/alert'
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card'
import type { EventView, StatusView } from '@/lib/install/views'
import { phaseFaces } from '@/lib/ui/phase'
import { LogView } from './log-view'
import { PhaseBadge } from './phase-badge'
import { StartSteps } from './start-steps'
import { useServiceStream } from './use-service-stream'

interface LiveServiceProps {
  installationId: string
  name: string
  status: StatusView
  events: readonly EventView[]
  usesImage: boolean
  /** Where to go once the service is uninstalled. */
  roomHref: string
  /** What stands between the state and the log: the form for a missing secret. */
  children: ReactNode
}

/** State, progress, log and history of a service, kept up to date. */
export function LiveService({ installationId, name, usesImage, roomHref, children, ...first }: LiveServiceProps) {
  const router = useRouter()
  const { status, events, log, connection } = useServiceStream(installationId, first)
  const { phase } = status
  const seen = useRef(first.status.phase)
  useEffect(() => {
    if (seen.current === phase) return
    seen.current = phase
    // What the server rendered around this (missing secrets, details) belongs to the phase.
    if (phase === 'Removed') router.replace(roomHref)
    else router.refresh()
  }, [phase, roomHref, router])
  const face = phaseFaces[phase]
  return (
    <div className="flex flex-col gap-6">
      <Card>
        <CardContent className="flex flex-col gap-5">
          <h2 className="sr-only">State</h2>
          <div role="status" className="flex flex-col items-start gap-2">
            <PhaseBadge phase={phase} />
            {status.reason === '' && face.next === '' ? null : (
              <p className="text-[0.9375rem] leading-relaxed wrap-anywhere">
                {status.reason} <span className="text-muted-foreground">{face.next}</span>
              </p>
            )}
          </div>
          <StartSteps phase={phase} usesImage={usesImage} />
          {connection === 'lost' ? (
            <Alert tone="caution">
              <p>The connection to the server was lost. It comes back by itself; what you see may be out of date.</p>
            </Alert>
          ) : null}
          {connection === 'closed' && phase !== 'Removed' ? (
            <Alert tone="caution">
              <p>Live updates have stopped. Reload the page to see the present state.</p>
            </Alert>
          ) : null}
        </CardContent>
      </Card>
      {children}
      <Card>
        <CardHeader>
          <CardTitle>Log</CardTitle>
        </CardHeader>
        <CardContent>
          <LogView name={name} lines={log} />
        </CardContent>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>What happened</CardTitle>
        </CardHeader>
        <CardContent>
          {events.length === 0 ? (
            <p className="text-muted-foreground text-sm">Nothing yet.</p>
          ) : (
            <ol className="flex flex-col gap-3 text-sm">
              {events.slice(0, 50).map((event) => (
                <li key={event.id} className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[11rem_minmax(0,1fr)]">
                  <span className="text-muted-foreground text-xs leading-5">
                    <Moment at={event.at} />
                  </span>
                  <span className="wrap-anywhere">
                    <span className="font-medium">{phaseFaces[event.phase].label}</span>
                    {event.message === '' ? null : <>: {event.message}</>}
                  </span>
                </li>
              ))}
            </ol>
          )}
        </CardContent>
      </Card>
    </div>
  )
}
