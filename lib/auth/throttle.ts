import type { Database } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { AppError } from '@/lib/errors'
import { inWords } from './in-words'
import { digest } from './token'

/**
 * Repeated failures are slowed down, never locked out.
 *
 * What is counted: failures of this client at this account, of anybody at this account, and of this client anywhere.
 * From the last free failure on each further one doubles a wait, from one second up to 15 minutes; an hour without a
 * failure forgets the count. An attempt during a wait is refused unread and counts for nothing, so nobody can prolong
 * a wait by knocking.
 *
 * A browser that has signed in to the account before carries a mark (device-mark.ts) and is counted by that mark alone:
 * strangers cannot hold its owner out, whatever they try and wherever from. Somebody who signs in from a new browser
 * while the account is under attack waits like the attacker, 15 minutes at most.
 *
 * Counts are raised before the password is looked at and lowered again when it is right, so that many attempts
 * at one moment are no way around.
 */
export interface Limit {
  key: string
  /** Failures without a wait. */
  free: number
  /** Whether a success forgets all failures. Of a whole client it takes back its own count only. */
  clearedBySuccess: boolean
}

const longestWait = 15 * 60
const forgottenAfter = 60 * 60 * 1000
const keptFor = 24 * 60 * 60 * 1000
/** Rows are small; this bounds what a flood of invented addresses can store. */
const mostRows = 20_000

const key = (...parts: string[]) => digest(JSON.stringify(parts))

/** For an attempt at an account. `device` is the id of the browser's mark for this very account. */
export function accountLimits(email: string, client: string | null, device: string | null): Limit[] {
  if (device !== null) return [{ key: key('device', email, device), free: 5, clearedBySuccess: true }]
  return [
    { key: key('account', email), free: 5, clearedBySuccess: true },
    ...(client === null
      ? []
      : [
          { key: key('account at client', email, client), free: 5, clearedBySuccess: true },
          // Many people may share one address; each of them may mistype.
          { key: key('client', client), free: 20, clearedBySuccess: false },
        ]),
  ]
}

/** For somebody who proves the own password again while signed in. */
export const ownPasswordLimits = (userId: string): Limit[] => [{ key: key('own password', userId), free: 5, clearedBySuccess: true }]

/** For links with a token. Counted by client alone: a stranger must not be able to hold the link's receiver off. */
export const linkLimits = (client: string | null): Limit[] =>
  client === null ? [] : [{ key: key('link', client), free: 10, clearedBySuccess: false }]

/** Seconds to wait after so many failures. */
export function waitAfter(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(2 ** Math.min(failures - free, 10), longestWait)
}

/** Somebody has to wait. */
export class TooManyAttempts extends AppError {
  readonly waitSeconds: number
  constructor(waitSeconds: number) {
    super('too-many-attempts', `Too many failed attempts. Try again in ${inWords(waitSeconds)}.`)
    this.name = 'TooManyAttempts'
    this.waitSeconds = waitSeconds
  }
}

interface Row {
  key: string
  failures: number
  blockedUntil: Date | null
  updatedAt: Date
}

/** What to take back when the attempt succeeds. */
export interface Charge {
  at: Date
  limits: readonly Limit[]
  blocks: ReadonlyMap<string, Date | null>
}

/**
 * Counts an attempt as failed, before it is looked at.
 * @throws TooManyAttempts when one of the limits asks for a wait; then nothing is counted
 */
export async function charge(db: Database, limits: readonly Limit[], now = new Date()): Promise<Charge> {
  const blocks = new Map<string, Date | null>()
  if (limits.length === 0) return { at: now, limits, blocks }
  await db.$transaction(async (tx) => {
    await tx.signInThrottle.createMany({ data: limits.map(({ key }) => ({ key, failures: 0, updatedAt: now })), skipDuplicates: true })
    // Locked in one order, so that attempts at one moment queue up instead of passing together or deadlocking.
    const rows = await tx.$queryRaw<Row[]>`
      SELECT "key", "failures", "blockedUntil", "updatedAt" FROM "SignInThrottle"
      WHERE "key" IN (${Prisma.join(limits.map(({ key }) => key))}) ORDER BY "key" FOR UPDATE`
    const until = Math.max(...rows.map((row) => row.blockedUntil?.getTime() ?? 0))
    if (until > now.getTime()) throw new TooManyAttempts(Math.ceil((until - now.getTime()) / 1000))
    for (const { key, free } of limits) {
      const row = rows.find((candidate) => candidate.key === key)
      const counted = row && now.getTime() - row.updatedAt.getTime() < forgottenAfter ? row.failures : 0
      const wait = waitAfter(counted + 1, free)
      const blockedUntil = wait === 0 ? null : new Date(now.getTime() + wait * 1000)
      blocks.set(key, blockedUntil)
      await tx.signInThrottle.update({ where: { key }, data: { failures: counted + 1, blockedUntil, updatedAt: now } })
    }
  })
  await sweepNowAndThen(db, now)
  return { at: now, limits, blocks }
}

/** Takes a charge back: the attempt succeeded. */
export async function refund(db: Database, { at, limits, blocks }: Charge): Promise<void> {
  const cleared = limits.filter((limit) => limit.clearedBySuccess).map(({ key }) => key)
  await db.signInThrottle.deleteMany({ where: { key: { in: cleared } } })
  for (const { key } of limits.filter((limit) => !limit.clearedBySuccess)) {
    await db.signInThrottle.updateMany({ where: { key, failures: { gt: 0 } }, data: { failures: { decrement: 1 }, updatedAt: at } })
    const own = blocks.get(key)
    if (own) await db.signInThrottle.updateMany({ where: { key, blockedUntil: own }, data: { blockedUntil: null, updatedAt: at } })
  }
}

let nextSweep = 0

async function sweepNowAndThen(db: Database, now: Date): Promise<void> {
  if (now.getTime() < nextSweep) return
  nextSweep = now.getTime() + 60_000
  await sweep(db, now)
}

/** Deletes what is forgotten anyway, and the oldest rows beyond `most`. */
export async function sweep(db: Database, now = new Date(), most = mostRows): Promise<void> {
  await db.signInThrottle.deleteMany({ where: { updatedAt: { lt: new Date(now.getTime() - keptFor) } } })
  await db.$executeRaw`
    DELETE FROM "SignInThrottle" WHERE "key" IN (
      SELECT "key" FROM "SignInThrottle" ORDER BY "updatedAt" DESC OFFSET ${most})`
}
