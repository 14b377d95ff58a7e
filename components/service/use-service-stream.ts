'use client'

import { useEffect, useState } from 'react'
import type { EventView, StatusView } from '@/lib/install/views'
import type { LogLine } from '@/lib/runtimes/runtime'

export interface ServiceStream {
  status: StatusView
  /** Newest first. */
  events: readonly EventView[]
  log: readonly LogLine[]
  connection: 'connecting' | 'open' | 'lost' | 'closed'
}

const LINES_KEPT = 5_000
/** A burst of lines becomes one render. */
const FLUSH_MS = 100

/** The live state of a service. The server repeats the present state after each connection, so a lost one loses nothing. */
export function useServiceStream(installationId: string, first: Pick<ServiceStream, 'status' | 'events'>): ServiceStream {
  const [stream, setStream] = useState<ServiceStream>({ ...first, log: [], connection: 'connecting' })
  useEffect(() => {
    const source = new EventSource(`/api/services/${installationId}/events`)
    let waiting: LogLine[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      const lines = waiting
      waiting = []
      setStream((before) => ({ ...before, log: [...before.log, ...lines].slice(-LINES_KEPT) }))
    }
    const on = <T,>(kind: string, take: (data: T) => void) => source.addEventListener(kind, (message: MessageEvent<string>) => take(JSON.parse(message.data) as T))
    source.onopen = () => setStream((before) => ({ ...before, log: [], connection: 'open' }))
    source.onerror = () => setStream((before) => ({ ...before, connection: source.readyState === EventSource.CLOSED ? 'closed' : 'lost' }))
    on<StatusView>('status', (status) => {
      // A removed service has nothing more to say; the browser would only connect again.
      if (status.phase === 'Removed') source.close()
      setStream((before) => ({ ...before, status }))
    })
    on<EventView>('event', (event) => setStream((before) => (before.events.some(({ id }) => id === event.id) ? before : { ...before, events: [event, ...before.events] })))
    on<LogLine>('log', (line) => {
      waiting.push(line)
      timer ??= setTimeout(flush, FLUSH_MS)
    })
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [installationId])
  return stream
}
