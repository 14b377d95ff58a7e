import { healthProblem } from '@/lib/health'
import { json } from '@/lib/http'

export const dynamic = 'force-dynamic'

/** 200 while the server can serve; else 503 and the reason. */
export async function GET(): Promise<Response> {
  const reason = await healthProblem()
  return reason === null ? json({ status: 'ok' }) : json({ status: 'unavailable', reason }, 503)
}
