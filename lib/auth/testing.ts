import type { Database } from '@/lib/db/client'

/**
 * For tests: makes the waits that have begun a minute long, so that a slow machine does not sit them out.
 * Fails when none has begun.
 */
export async function stretchWaitsOf(db: Database): Promise<void> {
  const { count } = await db.signInThrottle.updateMany({ where: { blockedUntil: { not: null } }, data: { blockedUntil: new Date(Date.now() + 60_000) } })
  if (count === 0) throw new Error('Nobody has to wait.')
}
