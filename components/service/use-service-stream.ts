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
    let source: EventSource | undefined
    let over = false
    let waiting: LogLine[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      const lines = waiting
      waiting = []
      setStream((before) => ({ ...before, log: [...before.log, ...lines].slice(-LINES_KEPT) }))
    }
    const disconnect = () => {
      clearTimeout(timer)
      timer = undefined
      waiting = []
      source?.close()
      source = undefined
    }
    const connect = () => {
      const opened = new EventSource(`/api/services/${installationId}/events`)
      source = opened
      const on = <T,>(kind: string, take: (data: T) => void) => opened.addEventListener(kind, (message: MessageEvent<string>) => take(JSON.parse(message.data) as T))
      opened.onopen = () => setStream((before) => ({ ...before, log: [], connection: 'open' }))
      opened.onerror = () => setStream((before) => ({ ...before, connection: opened.readyState === EventSource.CLOSED ? 'closed' : 'lost' }))
      on<StatusView>('status', (status) => {
        // A removed service has nothing more to say; the browser would only connect again.
        over = status.phase === 'Removed'
        if (over) opened.close()
        setStream((before) => ({ ...before, status }))
      })
      on<EventView>('event', (event) => setStream((before) => (before.events.some(({ id }) => id === event.id) ? before : { ...before, events: [event, ...before.events] })))
      on<LogLine>('log', (line) => {
        waiting.push(line)
        timer ??= setTimeout(flush, FLUSH_MS)
      })
    }
    // Browsers open six connections to a server at most: tabs out of sight give theirs back.
    const follow = () => {
      if (document.hidden) disconnect()
      else if (!source && !over) connect()
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      disconnect()
    }
  }, [installationId])
  return stream
}
