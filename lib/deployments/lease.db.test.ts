import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshDatabase, testPostgres, type FreshDatabase } from '@/lib/db/testing'
import { claimDue, renewLease, startAfresh } from './lease'

const kinds = testPostgres === undefined ? (['embedded'] as const) : (['embedded', 'postgres'] as const)

describe.each(kinds)('leases on %s', (kind) => {
  let fresh: FreshDatabase
  let roomId: string
  beforeAll(async () => {
    fresh = await freshDatabase(kind)
    const project = await fresh.db.project.create({ data: { name: 'p', ownerUserId: crypto.randomUUID() } })
    roomId = (await fresh.db.room.create({ data: { projectId: project.id, name: 'r' } })).id
    await fresh.db.template.create({ data: { digest: 'sha256:0', text: '' } })
  })
  afterAll(() => fresh.close())
  beforeEach(() => fresh.db.installation.deleteMany())

  async function deployment(more: { nextAttemptAt?: Date; phase?: 'Removed' } = {}): Promise<string> {
    const row = await fresh.db.installation.create({
      data: {
        roomId, serviceId: crypto.randomUUID(), name: 's', templateDigest: 'sha256:0', clear: {}, requestKey: crypto.randomUUID(), createdBy: 'a',
        deployment: { create: { nextAttemptAt: new Date(Date.now() - 1_000), ...more } },
      },
    })
    return row.id
  }

  it('give each piece of work to one claimer only', async () => {
    const ids = await Promise.all(Array.from({ length: 9 }, () => deployment()))
    const claims = await Promise.all(['a', 'b', 'c'].map((owner) => claimDue(fresh.db, owner, 9)))
    expect(claims.flat().map((claim) => claim.installationId).sort()).toEqual(ids.sort())
    expect(await claimDue(fresh.db, 'd', 9)).toEqual([])
  })

  it('leave alone what is not due yet or is gone', async () => {
    await deployment({ nextAttemptAt: new Date(Date.now() + 3_600_000) })
    await deployment({ phase: 'Removed' })
    expect(await claimDue(fresh.db, 'a', 9)).toEqual([])
  })

  it('are taken over once they run out, and cannot be renewed by their loser', async () => {
    const id = await deployment()
    await claimDue(fresh.db, 'dead', 1)
    expect(await renewLease(fresh.db, 'dead', id)).toBe(true)
    await fresh.db.deployment.updateMany({ data: { leaseUntil: new Date(Date.now() - 1_000) } })
    expect((await claimDue(fresh.db, 'heir', 1)).map((claim) => claim.installationId)).toEqual([id])
    expect(await renewLease(fresh.db, 'dead', id)).toBe(false)
  })

  it('of earlier processes are given up at start only by a server that is alone', async () => {
    await deployment()
    await claimDue(fresh.db, 'dead', 1)
    await startAfresh(fresh.db, false)
    expect(await claimDue(fresh.db, 'new', 1)).toEqual([])
    await startAfresh(fresh.db, true)
    expect(await claimDue(fresh.db, 'new', 1)).toHaveLength(1)
  })
})
