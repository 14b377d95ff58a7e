import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { inWords } from './in-words'
import { accountLimits, charge, linkLimits, refund, sweep, TooManyAttempts, waitAfter, type Limit } from './throttle'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await fresh.db.signInThrottle.deleteMany()
})

const start = new Date('2030-01-01T00:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const email = 'ann@example.com'
const home = '198.51.100.7'

async function fail(limits: Limit[], times: number, at = start): Promise<void> {
  for (let time = 0; time < times; time++) await charge(fresh.db, limits, at)
}

const waitOf = (work: Promise<unknown>) =>
  work.then(
    () => 0,
    (error: unknown) => (error instanceof TooManyAttempts ? error.waitSeconds : Number.NaN),
  )

describe('waits', () => {
  test('begin with the last free failure, double, and end at 15 minutes', () => {
    expect([1, 4, 5, 6, 7, 10, 14, 15, 16, 1_000_000].map((failures) => waitAfter(failures, 5))).toEqual([
      0, 0, 1, 2, 4, 32, 512, 900, 900, 900,
    ])
  })

  test('are told in words', () => {
    expect([1, 40, 119, 120, 121, 900].map(inWords)).toEqual(['1 second', '40 seconds', '119 seconds', '2 minutes', '3 minutes', '15 minutes'])
  })
})

describe('failures', () => {
  test('slow down the account for everybody, and say for how long', async () => {
    await fail(accountLimits(email, home, null), 5)
    expect(await waitOf(charge(fresh.db, accountLimits(email, '203.0.113.1', null), start))).toBe(1)
    expect(await waitOf(charge(fresh.db, accountLimits('bob@example.com', '203.0.113.1', null), start))).toBe(0)
  })

  test('slow down the client for every account', async () => {
    for (let index = 0; index < 20; index++) await fail(accountLimits(`u${index}@example.com`, home, null), 1)
    expect(await waitOf(charge(fresh.db, accountLimits(email, home, null), start))).toBe(1)
    expect(await waitOf(charge(fresh.db, accountLimits(email, '203.0.113.1', null), start))).toBe(0)
  })

  test('are not counted during a wait, so knocking prolongs nothing', async () => {
    const limits = accountLimits(email, home, null)
    await fail(limits, 5)
    for (let knock = 0; knock < 10; knock++) expect(await waitOf(charge(fresh.db, limits, start))).toBe(1)
    expect(await waitOf(charge(fresh.db, limits, after(1)))).toBe(0)
    expect(await waitOf(charge(fresh.db, limits, after(1)))).toBe(2)
  })

  test('never keep out a browser that has signed in before', async () => {
    for (let client = 0; client < 40; client++) {
      await fail(accountLimits(email, `203.0.113.${client}`, null), 1, after(client * 1000))
    }
    expect(await waitOf(charge(fresh.db, accountLimits(email, home, null), after(39_001)))).toBeGreaterThan(0)
    expect(await waitOf(charge(fresh.db, accountLimits(email, home, 'mark'), after(39_001)))).toBe(0)
  })

  test('count for such a browser too: its mark is no way to guess on', async () => {
    const limits = accountLimits(email, home, 'mark')
    await fail(limits, 5)
    expect(await waitOf(charge(fresh.db, limits, start))).toBe(1)
  })

  test('are forgotten after a success, and after an hour', async () => {
    const limits = accountLimits(email, home, null)
    await fail(limits, 4)
    await refund(fresh.db, await charge(fresh.db, limits, start))
    await fail(limits, 4)
    expect(await waitOf(charge(fresh.db, limits, after(3600)))).toBe(0)
    expect(await waitOf(charge(fresh.db, limits, after(3600)))).toBe(0)
  })

  test('of a client are not washed away by its own successes', async () => {
    const own = accountLimits('own@example.com', home, null)
    for (let round = 0; round < 19; round++) {
      await fail(accountLimits(`u${round}@example.com`, home, null), 1)
      await refund(fresh.db, await charge(fresh.db, own, start))
    }
    await fail(accountLimits(email, home, null), 1)
    expect(await waitOf(charge(fresh.db, accountLimits('own@example.com', home, null), start))).toBe(1)
  })

})

describe('the table', () => {
  test('holds neither addresses nor e-mail', async () => {
    await fail(accountLimits(email, home, null), 1)
    const rows = JSON.stringify(await fresh.db.signInThrottle.findMany())
    expect(rows).not.toContain(email)
    expect(rows).not.toContain(home)
    expect(await fresh.db.signInThrottle.count()).toBe(3)
  })

  test('is bounded in age and in rows; the newest stay', async () => {
    for (let index = 0; index < 6; index++) await fail(linkLimits(`203.0.113.${index}`), 1, after(index * 3600))
    await sweep(fresh.db, after(5 * 3600), 3)
    const kept = await fresh.db.signInThrottle.findMany({ orderBy: { updatedAt: 'asc' } })
    expect(kept.map(({ updatedAt }) => updatedAt)).toEqual([after(3 * 3600), after(4 * 3600), after(5 * 3600)])
    await sweep(fresh.db, after(28 * 3600 + 1), 3)
    expect(await fresh.db.signInThrottle.count()).toBe(1)
  })
})
