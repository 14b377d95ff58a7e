import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '@/lib/auth/actor'
import { signInWithPassword } from '@/lib/auth/sign-in-with-password'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { acceptInvitation } from './accept-invitation'
import { getProject } from './get-project'
import { getRoom } from './get-room'
import { invitePerson } from './invite-person'
import { listInvitations } from './list-invitations'
import { readInvitation } from './read-invitation'
import { removeGrant } from './remove-grant'
import { revokeInvitation } from './revoke-invitation'
import { setGrant } from './set-grant'
import { setRole } from './set-role'
import { callOf, join, makeWorld, outcomeOf, person, visitOf, type World } from './testing'

let fresh: FreshDatabase
let world: World
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await fresh.db.user.deleteMany()
  world = await makeWorld(fresh.db)
})

const by = (name: keyof World['people']) => callOf(fresh.db, world.people[name])
const visit = (actor: Actor | null = null) => visitOf(fresh.db, actor)
const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? ''
const password = 'a long password'

async function invite(email: string, more: { role?: 'developer'; roomId?: string; grant?: 'owner' | 'member' } = {}): Promise<string> {
  const made = await invitePerson(by('project admin'), { projectId: world.projectId, email, role: 'member', ...more })
  return tokenOf(made.link)
}

describe('an invitation', () => {
  test('brings a new person in with a password, once', async () => {
    const token = await invite(' New@Example.com ', { role: 'developer', roomId: world.roomId, grant: 'member' })
    expect(await readInvitation(visit(), { token })).toMatchObject({
      email: 'new@example.com',
      project: { name: 'Ours' },
      room: { name: 'Kitchen' },
      next: 'choose-password',
    })
    const accepted = await acceptInvitation(visit(), { token, name: 'New', password })
    expect(accepted).toEqual({ projectId: world.projectId, roomId: world.roomId, email: 'new@example.com', created: true })
    const signedIn = await signInWithPassword({ db: fresh.db, requestId: 'test', client: null, deviceMark: undefined }, { email: 'new@example.com', password })
    const call = callOf(fresh.db, { userId: signedIn?.userId ?? '', email: 'new@example.com', serverAdmin: false })
    expect(await getProject(call, { projectId: world.projectId })).toMatchObject({ role: 'developer' })
    expect(await getRoom(call, { roomId: world.roomId })).toMatchObject({ grant: 'member' })
    expect((await outcomeOf(acceptInvitation(visit(), { token, name: 'New', password }))).code).toBe('not-found')
  })

  test('survives a refused password, which makes no account', async () => {
    const token = await invite('new@example.com')
    expect(await outcomeOf(acceptInvitation(visit(), { token, name: 'New', password: 'short' }))).toMatchObject({
      code: 'invalid',
      fields: { password: expect.any(String) as string },
    })
    expect(await fresh.db.user.count({ where: { email: 'new@example.com' } })).toBe(0)
    await acceptInvitation(visit(), { token, name: 'New', password })
  })

  test('is for its address alone: people with an account sign in as it, and nobody else takes it', async () => {
    const ann = await person(fresh.db, 'ann')
    const token = await invite(ann.email)
    expect((await readInvitation(visit(), { token })).next).toBe('sign-in')
    expect((await outcomeOf(acceptInvitation(visit(), { token, name: 'Ann', password }))).code).toBe('unauthenticated')
    expect((await readInvitation(visit(world.people.stranger), { token })).next).toBe('sign-out')
    expect((await outcomeOf(acceptInvitation(visit(world.people.stranger), { token }))).code).toBe('forbidden')
    expect((await readInvitation(visit(ann), { token })).next).toBe('accept')
    expect(await acceptInvitation(visit(ann), { token })).toMatchObject({ created: false })
    expect(await fresh.db.user.findUnique({ where: { id: ann.userId }, select: { passwordHash: true } })).toEqual({ passwordHash: null })
  })

  test('never lowers what somebody has come by meanwhile', async () => {
    const ann = await person(fresh.db, 'ann')
    const token = await invite(ann.email, { roomId: world.roomId, grant: 'member' })
    await join(fresh.db, ann, world.projectId, 'admin', { id: world.roomId, grant: 'owner' })
    await acceptInvitation(visit(ann), { token })
    expect(await getRoom(callOf(fresh.db, ann), { roomId: world.roomId })).toMatchObject({ role: 'admin', grant: 'owner' })
  })

  test('ends after seven days, when revoked, and when a newer one replaces it', async () => {
    const late = await invite('late@example.com')
    const old = await invite('twice@example.com')
    const fresher = await invite('twice@example.com')
    const [row] = await listInvitations(by('project admin'), { projectId: world.projectId })
    await fresh.db.invitation.updateMany({ where: { email: 'late@example.com' }, data: { expiresAt: new Date() } })
    const answers = [
      await outcomeOf(readInvitation(visit(), { token: late })),
      await outcomeOf(readInvitation(visit(), { token: old })),
      await outcomeOf(readInvitation(visit(), { token: 'never-made' })),
    ]
    expect(answers.map(({ code }) => code)).toEqual(['not-found', 'not-found', 'not-found'])
    expect(new Set(answers.map(({ message }) => message)).size).toBe(1)
    expect((await readInvitation(visit(), { token: fresher })).next).toBe('choose-password')
    await revokeInvitation(by('project admin'), { invitationId: row?.id ?? '' })
    expect(await outcomeOf(acceptInvitation(visit(), { token: fresher, name: 'T', password }))).toMatchObject({ code: 'not-found', message: answers[0]?.message })
    const week = 7 * 24 * 60 * 60 * 1000
    const made = await invitePerson(by('project admin'), { projectId: world.projectId, email: 'week@example.com', role: 'member' })
    expect(Math.abs(made.expiresAt.getTime() - Date.now() - week)).toBeLessThan(60_000)
  })

  test('is worth nothing once its sender may not invite any more', async () => {
    const { roomId, projectId, colleague } = world
    await setGrant(by('project admin'), { roomId, userId: colleague.userId, grant: 'owner' })
    const { link } = await invitePerson(callOf(fresh.db, colleague), { projectId, email: 'new@example.com', role: 'member', roomId, grant: 'owner' })
    await removeGrant(by('project admin'), { roomId, userId: colleague.userId })
    expect((await outcomeOf(acceptInvitation(visit(), { token: tokenOf(link), name: 'New', password }))).code).toBe('not-found')
    await setGrant(by('project admin'), { roomId, userId: colleague.userId, grant: 'owner' })
    await acceptInvitation(visit(), { token: tokenOf(link), name: 'New', password })
  })

  test('of a demoted admin does not make admins', async () => {
    const { projectId, colleague } = world
    await setRole(by('project admin'), { projectId, userId: colleague.userId, role: 'admin' })
    const { link } = await invitePerson(callOf(fresh.db, colleague), { projectId, email: 'new@example.com', role: 'admin' })
    await setRole(by('project admin'), { projectId, userId: colleague.userId, role: 'developer' })
    expect((await outcomeOf(readInvitation(visit(), { token: tokenOf(link) }))).code).toBe('not-found')
  })

  test('is kept as a digest: its token is nowhere in the database', async () => {
    const token = await invite('new@example.com')
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify([await fresh.db.invitation.findMany(), await fresh.db.auditEvent.findMany({ omit: { id: true } })])).not.toContain(token)
  })

  test('is not made for people who are inside, nor for a room of another project', async () => {
    const { projectId, roomId, colleague } = world
    expect(await outcomeOf(invitePerson(by('project admin'), { projectId, email: colleague.email, role: 'member' }))).toMatchObject({
      code: 'conflict',
      fields: { email: expect.any(String) as string },
    })
    const other = await makeWorld(fresh.db)
    await join(fresh.db, world.people['project admin'], other.projectId, 'admin')
    const mixed = invitePerson(by('project admin'), { projectId, email: 'x@example.com', role: 'member', roomId: other.roomId, grant: 'member' })
    expect((await outcomeOf(mixed)).code).toBe('not-found')
    const half = invitePerson(by('project admin'), { projectId, email: 'x@example.com', role: 'member', roomId })
    expect((await outcomeOf(half)).code).toBe('invalid')
  })
})
