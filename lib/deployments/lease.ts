import type { Database } from '@/lib/db/client'

/** Leases let any number of servers share the work: whoever holds one works, and one that runs out is taken over. */

const LEASE_SECONDS = 30
export const RENEW_MS = 10_000

export interface Claimed {
  installationId: string
  generation: number
}

// Columns hold UTC without a zone; comparing them with now() would read them in the session's zone.

/** Takes up to `limit` deployments that are due and in nobody's hands. */
export async function claimDue(db: Database, owner: string, limit: number): Promise<Claimed[]> {
  return db.$queryRaw<Claimed[]>`
    UPDATE "Deployment" SET "leaseOwner" = ${owner}, "leaseUntil" = now() AT TIME ZONE 'UTC' + make_interval(secs => ${LEASE_SECONDS})
    WHERE "installationId" IN (
      SELECT "installationId" FROM "Deployment"
      WHERE "nextAttemptAt" <= now() AT TIME ZONE 'UTC' AND "phase" <> 'Removed'
        AND ("leaseUntil" IS NULL OR "leaseUntil" < now() AT TIME ZONE 'UTC')
      ORDER BY "nextAttemptAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING "installationId", "generation"`
}

/** Keeps a lease during long work. @returns false when it was lost. */
export async function renewLease(db: Database, owner: string, installationId: string): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE "Deployment" SET "leaseUntil" = now() AT TIME ZONE 'UTC' + make_interval(secs => ${LEASE_SECONDS})
    WHERE "installationId" = ${installationId}::uuid AND "leaseOwner" = ${owner}`
  return count > 0
}

/**
 * At start everything is looked at once.
 * @param sole no other server shares this database, so whatever is leased was leased by a process that is gone.
 */
export async function startAfresh(db: Database, sole: boolean): Promise<void> {
  await db.deployment.updateMany({
    where: { NOT: { phase: 'Removed' } },
    data: { nextAttemptAt: new Date(), ...(sole ? { leaseOwner: null, leaseUntil: null } : {}) },
  })
}
