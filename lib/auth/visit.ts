import type { Actor } from './actor'
import type { Database } from '@/lib/db/client'

/** A call by somebody who may not have signed in: setting up, reading an invitation, signing in. */
export interface Visit {
  db: Database
  requestId: string
  /** Null when nobody has signed in. */
  actor: Actor | null
  /** As clientAddress gives it; null when it is not known. */
  client: string | null
}
