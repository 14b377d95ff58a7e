import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { completeSetup } from '@/lib/auth/complete-setup'
import { ensureFirstAdmin } from '@/lib/auth/first-admin'
import { accountLimits, charge } from '@/lib/auth/throttle'
import { freshDatabase, testPostgres, type FreshDatabase } from '@/lib/db/testing'
import { acceptInvitation } from './accept-invitation'
import { createRoom } from './create-room'
import { removeGrant } from './remove-grant'
import { removeMember } from './remove-member'
import { setGrant } from './set-grant'
import { setRole } from './set-role'
import { callOf, makeWorld, outcomeOf, visitOf, type World } from './testing'

/** The embedded database takes one transaction at a time, so that only a real server shows what the locks are worth. */
describe.each(['embedded', 'postgres'] as const)('at one moment (%s)', (kind) => {
  if (kind === 'postgres' && testPostgres === undefined) {
    test.skip('needs LATCHKEY_TEST_POSTGRES, the URL of a PostgreSQL server')
    return
  }
  let fresh: FreshDatabase
  let world: World
  beforeAll(async () => {
    fresh = await freshDatabase(kind)
  })
  afterAll(() => fresh.close())
  beforeEach(async () => {
    await fresh.db.user.deleteMany()
    world = await makeWorld(fresh.db)
  })

  const password = 'a long password'
  const by = (name: keyof World['people']) => callOf(fresh.db, world.people[name])
  const count = async (work: Promise<unknown>[]) => {
    const tally: Record<string, number> = {}
    for (const { code } of await Promise.all(work.map(outcomeOf))) tally[code] = (tally[code] ?? 0) + 1
    return tally
  }
  const times = <Result>(number: number, work: (index: number) => Result) => Array.from({ length: number }, (_, index) => work(index))

  test('a room name is taken once', async () => {
    const { projectId } = world
    const rooms = times(8, (index) => createRoom(by(index % 2 ? 'developer' : 'project admin'), { projectId, name: 'Attic' }))
    expect(await count(rooms)).toEqual({ ok: 1, conflict: 7 })
    expect(await fresh.db.auditEvent.count({ where: { projectId, action: 'room:create' } })).toBe(1)
  })

  test('an invitation is taken once', async () => {
    const tabs = times(6, () => acceptInvitation(visitOf(fresh.db, null), { token: world.inviteToken, name: 'Ivy', password }))
    const outcomes = await count(tabs)
    expect(outcomes['ok']).toBe(1)
    expect(await fresh.db.user.count({ where: { email: world.invitedEmail } })).toBe(1)
    expect(await fresh.db.auditEvent.count({ where: { projectId: world.projectId, action: 'invitation:accept' } })).toBe(1)
  })

  test('a set-up link makes one admin', async () => {
    await fresh.db.user.deleteMany()
    const first = await ensureFirstAdmin(fresh.db, { origin: 'http://localhost', LATCHKEY_ADMIN_EMAIL: undefined, LATCHKEY_ADMIN_PASSWORD: undefined })
    const token = first.kind === 'link' ? first.link.slice(-43) : ''
    const tabs = times(6, (tab) => completeSetup(visitOf(fresh.db, null), { token, email: `tab${tab}@example.com`, name: 'Tab', password }))
    expect(await count(tabs)).toEqual({ ok: 1, 'not-found': 5 })
    expect(await fresh.db.user.count()).toBe(1)
  })

  test('two admins who demote each other leave one', async () => {
    const { projectId, colleague, people } = world
    await setRole(by('project admin'), { projectId, userId: colleague.userId, role: 'admin' })
    const demotions = [
      setRole(by('project admin'), { projectId, userId: colleague.userId, role: 'member' }),
      setRole(callOf(fresh.db, colleague), { projectId, userId: people['project admin'].userId, role: 'member' }),
    ]
    expect(await count(demotions)).toEqual({ ok: 1, forbidden: 1 })
    expect(await fresh.db.projectMember.count({ where: { projectId, role: 'admin' } })).toBe(1)
  })

  test('two owners who go leave one', async () => {
    const { projectId, roomId, colleague, people } = world
    await setGrant(by('project admin'), { roomId, userId: colleague.userId, grant: 'owner' })
    const goings = [
      removeGrant(by('room owner'), { roomId, userId: people['room owner'].userId }),
      removeMember(callOf(fresh.db, colleague), { projectId, userId: colleague.userId }),
    ]
    expect(await count(goings)).toEqual({ ok: 1, conflict: 1 })
    expect(await fresh.db.roomMember.count({ where: { roomId, grant: 'owner' } })).toBe(1)
  })

  test('a person who is removed keeps no grant that is given meanwhile', async () => {
    const { projectId, roomId, colleague } = world
    await Promise.all(
      times(4, (index) => outcomeOf(index % 2 ? removeMember(by('project admin'), { projectId, userId: colleague.userId }) : setGrant(by('room owner'), { roomId, userId: colleague.userId, grant: 'member' }))),
    )
    expect(await fresh.db.projectMember.count({ where: { projectId, userId: colleague.userId } })).toBe(0)
    expect(await fresh.db.roomMember.count({ where: { userId: colleague.userId } })).toBe(0)
  })

  test('many guesses do not pass together', async () => {
    const now = new Date('2030-01-01T00:00:00Z')
    const limits = accountLimits(`${kind}@example.com`, '198.51.100.9', null)
    expect(await count(times(30, () => charge(fresh.db, limits, now)))).toEqual({ ok: 5, 'too-many-attempts': 25 })
  })
})
