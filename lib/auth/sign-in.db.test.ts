import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { forgetSettings } from '@/lib/env'
import { callOf, outcomeOf } from '@/lib/projects/testing'
import { changePassword } from './change-password'
import { deviceOf, markDevice } from './device-mark'
import { listUsers } from './list-users'
import { hashPassword } from './password'
import { actorOf, endSession, sessionAge, startSession } from './session'
import { signInWithOidc, type Claims } from './sign-in-with-oidc'
import { signInWithPassword } from './sign-in-with-password'
import { signOutEverywhere } from './sign-out-everywhere'
import { stretchWaitsOf } from './testing'
import { TooManyAttempts } from './throttle'
import type { Actor } from './actor'

const password = 'correct horse battery'
let fresh: FreshDatabase
let ann: Actor
const dataDir = mkdtempSync(path.join(tmpdir(), 'sign in '))

beforeAll(async () => {
  process.env['LATCHKEY_DATA'] = dataDir
  forgetSettings()
  fresh = await freshDatabase()
})
afterAll(async () => {
  await fresh.close()
  rmSync(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  await fresh.db.user.deleteMany()
  await fresh.db.signInThrottle.deleteMany()
  const user = await fresh.db.user.create({
    data: { email: 'ann@example.com', passwordHash: await hashPassword(password), sessionsFrom: new Date(0), serverAdmin: true },
  })
  ann = { userId: user.id, email: user.email, serverAdmin: true }
})

const visit = (client: string | null = null, deviceMark?: string) => ({ db: fresh.db, requestId: 'test', client, deviceMark })
const lastAudit = () => fresh.db.auditEvent.findFirst({ orderBy: { id: 'desc' } })

describe('a password', () => {
  test('lets its owner in, however the address was typed, and leaves a row', async () => {
    expect(await signInWithPassword(visit('198.51.100.7'), { email: '  ANN@example.com ', password })).toEqual({ userId: ann.userId, email: ann.email })
    expect(await lastAudit()).toMatchObject({ action: 'sign-in', outcome: 'done', actor: ann.email, details: { method: 'password', client: '198.51.100.7' } })
  })

  test('is taken as typed: a space more is another password', async () => {
    expect(await signInWithPassword(visit(), { email: ann.email, password: `${password} ` })).toBeNull()
  })

  test('refuses wrong passwords and unknown people alike, and leaves a row that repeats neither', async () => {
    expect(await signInWithPassword(visit(), { email: ann.email, password: 'canary-wrong' })).toBeNull()
    expect(await lastAudit()).toMatchObject({ outcome: 'denied', actor: ann.email })
    expect(await signInWithPassword(visit(), { email: 'canary-unknown@example.com', password })).toBeNull()
    expect(await lastAudit()).toMatchObject({ outcome: 'denied', actor: 'nobody', target: 'unknown account' })
    expect(JSON.stringify(await fresh.db.auditEvent.findMany({ omit: { id: true } }))).not.toContain('canary')
  })

  test.each([{}, { email: 'ann@example.com' }, { email: ['ann@example.com'], password }, null, { email: 'ann@example.com', password: { $ne: '' } }])(
    'refuses %j without a crash',
    async (input) => {
      expect(await signInWithPassword(visit(), input)).toBeNull()
    },
  )

  test('even the right one waits after five failures, except in a browser that knows the account', async () => {
    for (let attempt = 0; attempt < 5; attempt++) await signInWithPassword(visit('203.0.113.1'), { email: ann.email, password: 'guess' })
    await stretchWaitsOf(fresh.db)
    await expect(signInWithPassword(visit('203.0.113.2'), { email: ann.email, password })).rejects.toThrow(TooManyAttempts)
    const mark = await markDevice(ann.email)
    expect(await signInWithPassword(visit('203.0.113.2', mark), { email: ann.email, password })).not.toBeNull()
  })
})

describe('a browser’s mark', () => {
  test('is good for its account, and no forged, foreign or broken one is', async () => {
    const mark = await markDevice(ann.email)
    expect(await deviceOf(mark, ann.email)).toMatch(/^[\w-]{36}$/)
    expect(await deviceOf(mark, 'bob@example.com')).toBeNull()
    expect(await deviceOf(`${mark.slice(0, -6)}AAAAAA`, ann.email)).toBeNull()
    expect(await deviceOf('x', ann.email)).toBeNull()
    expect(await deviceOf(undefined, ann.email)).toBeNull()
  })
})

describe('a session', () => {
  test('names its person, with roles as they are now', async () => {
    const session = startSession(ann.userId)
    expect(Object.keys(session).sort()).toEqual(['sid', 'since', 'sub'])
    expect(await actorOf(fresh.db, session)).toEqual(ann)
    await fresh.db.user.update({ where: { id: ann.userId }, data: { serverAdmin: false } })
    expect(await actorOf(fresh.db, session)).toEqual({ ...ann, serverAdmin: false })
  })

  test('ends with its person, with its age, and where it says nothing', async () => {
    const now = new Date()
    const session = startSession(ann.userId, now)
    expect(await actorOf(fresh.db, session, new Date(now.getTime() + sessionAge * 1000 - 1))).toEqual(ann)
    expect(await actorOf(fresh.db, session, new Date(now.getTime() + sessionAge * 1000))).toBeNull()
    expect(await actorOf(fresh.db, startSession(randomUUID()))).toBeNull()
    for (const odd of [null, {}, 'text', { ...session, sub: 'x' }, { ...session, since: '1' }]) expect(await actorOf(fresh.db, odd)).toBeNull()
  })

  test('is over after signing out, also for whoever kept its cookie; others go on', async () => {
    const here = startSession(ann.userId)
    const there = startSession(ann.userId)
    await endSession(fresh.db, here)
    await endSession(fresh.db, here)
    expect(await actorOf(fresh.db, here)).toBeNull()
    expect(await actorOf(fresh.db, there)).toEqual(ann)
  })

  test('that would be over anyway is not remembered for ever', async () => {
    const now = new Date()
    await endSession(fresh.db, startSession(ann.userId, now), now)
    const later = new Date(now.getTime() + sessionAge * 1000 + 1)
    await endSession(fresh.db, startSession(ann.userId, later), later)
    expect(await fresh.db.signedOutSession.count()).toBe(1)
  })

  test('is over everywhere when its person says so; new ones begin', async () => {
    const sessions = [startSession(ann.userId), startSession(ann.userId)]
    await signOutEverywhere(callOf(fresh.db, ann))
    for (const session of sessions) expect(await actorOf(fresh.db, session)).toBeNull()
    expect(await actorOf(fresh.db, startSession(ann.userId, new Date(Date.now() + 2)))).toEqual(ann)
    expect(await lastAudit()).toMatchObject({ action: 'sign-out', details: { everywhere: true } })
  })
})

describe('changing the password', () => {
  test('needs the old one and ends every session', async () => {
    const session = startSession(ann.userId)
    const wrong = await outcomeOf(changePassword(callOf(fresh.db, ann), { current: 'canary-wrong', next: 'another password' }))
    expect(wrong).toMatchObject({ code: 'invalid', fields: { current: expect.any(String) as string } })
    expect(JSON.stringify(wrong)).not.toContain('canary')
    expect(await actorOf(fresh.db, session)).toEqual(ann)
    await changePassword(callOf(fresh.db, ann), { current: password, next: 'another password' })
    expect(await actorOf(fresh.db, session)).toBeNull()
    expect(await signInWithPassword(visit(), { email: ann.email, password })).toBeNull()
    expect(await signInWithPassword(visit(), { email: ann.email, password: 'another password' })).not.toBeNull()
  })

  test('happens once when two tabs do it at one moment', async () => {
    const change = (next: string) => outcomeOf(changePassword(callOf(fresh.db, ann), { current: password, next }))
    const outcomes = await Promise.all([change('first password'), change('second password')])
    expect(outcomes.map(({ code }) => code).sort()).toEqual(['conflict', 'ok'])
  })

  test('is slowed down, so that a borrowed session cannot guess', async () => {
    const guess = () => outcomeOf(changePassword(callOf(fresh.db, ann), { current: 'guess', next: 'another password' }))
    for (let attempt = 0; attempt < 5; attempt++) await guess()
    await stretchWaitsOf(fresh.db)
    expect((await guess()).code).toBe('too-many-attempts')
  })

  test('gives none to people who only sign in through a provider', async () => {
    await fresh.db.user.update({ where: { id: ann.userId }, data: { passwordHash: null } })
    expect((await outcomeOf(changePassword(callOf(fresh.db, ann), { current: '', next: 'another password' }))).code).toBe('invalid')
  })
})

describe('an account at the OpenID provider', () => {
  const claims = (more: Partial<Claims> = {}): Claims => ({
    iss: 'https://idp.example',
    sub: 'subject-1',
    email: 'ann@example.com',
    email_verified: true,
    name: 'Ann',
    ...more,
  })
  const signIn = (more: Partial<Claims> = {}, autoCreate = false) => signInWithOidc(visit(), claims(more), { autoCreate })

  test('is linked to the person of its verified address, and stays theirs whatever the address says later', async () => {
    expect(await signIn()).toEqual({ userId: ann.userId, email: ann.email, how: 'linked' })
    expect(await signIn({ email: 'married@example.com', email_verified: false })).toEqual({ userId: ann.userId, email: ann.email, how: 'known' })
    expect(await lastAudit()).toMatchObject({ action: 'sign-in', outcome: 'done', actor: ann.email, details: { method: 'oidc', account: 'known' } })
  })

  test('leaves nothing to whoever opened an account in the name of its owner', async () => {
    const email = 'bea@example.com'
    const bea = await fresh.db.user.create({ data: { email, passwordHash: await hashPassword(password), sessionsFrom: new Date(0) } })
    const session = startSession(bea.id, new Date(Date.now() - 1_000))
    expect(await actorOf(fresh.db, session)).not.toBeNull()
    expect(await signIn({ email })).toMatchObject({ userId: bea.id, how: 'linked' })
    expect(await actorOf(fresh.db, session)).toBeNull()
    expect(await actorOf(fresh.db, startSession(bea.id))).not.toBeNull()
    expect(await signInWithPassword(visit(), { email, password })).toBeNull()
  })

  test('is not linked without the provider’s word for the address', async () => {
    expect(await signIn({ email_verified: false })).toEqual({ refused: 'oidc-unverified' })
    expect(await signIn({ email: undefined })).toEqual({ refused: 'oidc-unverified' })
    expect(await fresh.db.externalAccount.count()).toBe(0)
    expect(await lastAudit()).toMatchObject({ outcome: 'denied', actor: 'nobody', details: { reason: 'oidc-unverified' } })
  })

  test('is not somebody else’s because the provider gave their address away again', async () => {
    await signIn()
    expect(await signIn({ sub: 'subject-2' }, true)).toEqual({ refused: 'oidc-other-account' })
  })

  test('is another account at another issuer, though the subject is the same', async () => {
    await signIn()
    expect(await signIn({ iss: 'https://other.example', email: 'x@example.com' })).toEqual({ refused: 'oidc-unknown' })
  })

  test('makes a user where an invitation waits or the server says so, never an admin', async () => {
    expect(await signIn({ email: 'new@example.com' })).toEqual({ refused: 'oidc-unknown' })
    const project = await fresh.db.project.create({ data: { name: 'P', ownerUserId: ann.userId } })
    await fresh.db.invitation.create({
      data: { tokenHash: randomUUID(), email: 'new@example.com', projectId: project.id, role: 'member', invitedById: ann.userId, expiresAt: new Date(Date.now() + 60_000) },
    })
    expect(await signIn({ email: 'new@example.com' })).toMatchObject({ email: 'new@example.com', how: 'created' })
    expect(await signIn({ sub: 's3', email: 'anybody@example.com' }, true)).toMatchObject({ how: 'created' })
    expect(await signIn({ sub: 's4', email: 'unverified@example.com', email_verified: false }, true)).toEqual({ refused: 'oidc-unverified' })
    expect(await fresh.db.user.findMany({ where: { serverAdmin: true }, select: { email: true } })).toEqual([{ email: ann.email }])
  })

  test('makes nobody before the server has an admin', async () => {
    await fresh.db.user.deleteMany()
    expect(await signIn({}, true)).toEqual({ refused: 'oidc-setup-first' })
    expect(await fresh.db.user.count()).toBe(0)
  })

  test('makes one user when two tabs come at one moment', async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => signIn({ email: 'new@example.com' }, true)))
    expect(new Set(outcomes.map((outcome) => ('userId' in outcome ? outcome.userId : 'refused'))).size).toBe(1)
    expect(await fresh.db.user.count({ where: { email: 'new@example.com' } })).toBe(1)
  })
})

test('people are listed for admins of the server alone, without their hashes', async () => {
  const listed = await listUsers(callOf(fresh.db, ann))
  expect(listed).toMatchObject([{ userId: ann.userId, password: true, singleSignOn: false }])
  expect(JSON.stringify(listed)).not.toContain('argon2')
  expect((await outcomeOf(listUsers(callOf(fresh.db, { ...ann, serverAdmin: false })))).code).toBe('forbidden')
})
