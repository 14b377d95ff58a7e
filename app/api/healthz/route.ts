import { databaseProblem } from '@/lib/db/client'
import { DatabaseError } from '@/lib/db/embedded'
import { json } from '@/lib/http'
import { log } from '@/lib/log'

export const dynamic = 'force-dynamic'

/** 200 while the server can serve; else 503 and a reason without internals. */
export async function GET(): Promise<Response> {
  try {
    const reason = await databaseProblem()
    return reason === null ? json({ status: 'ok' }) : json({ status: 'unavailable', reason }, 503)
  } catch (error) {
    log.error('the database does not answer', { error })
    return json({ status: 'unavailable', reason: error instanceof DatabaseError ? 'The embedded database cannot be opened.' : 'The database does not answer.' }, 503)
  }
}
