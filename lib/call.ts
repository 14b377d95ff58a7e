import type { Actor } from '@/lib/auth/actor'
import type { Database } from '@/lib/db/client'

/** What every verb gets first: the database, who calls, and the id that ties log lines and audit rows to the request. */
export interface Call {
  db: Database
  actor: Actor
  requestId: string
}
