import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { outcomeOf, person, visitOf } from '@/lib/projects/testing'
import { completeSetup, readSetupLink } from './complete-setup'
import { ensureFirstAdmin } from './first-admin'
import { signInWithPassword } from './sign-in-with-password'
import { stretchWaitsOf } from './testing'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await fresh.db.user.deleteMany()
  await fresh.db.setupLink.deleteMany()
})

const origin = 'https://latchkey.example'
const start = (email?: string, password?: string) =>
  ensureFirstAdmin(fresh.db, { origin, LATCHKEY_ADMIN_EMAIL: email, LATCHKEY_ADMIN_PASSWORD: password })
const visit = () => visitOf(fresh.db, null)
const password = 'a long password'
const signIn = (email: string, secret: string) =>
  signInWithPassword({ db: fresh.db, requestId: 'test', client: null, deviceMark: undefined }, { email, password: secret })

async function linkToken(): Promise<string> {
  const first = await start()
  if (first.kind !== 'link') throw new Error('There is no link.')
  return new URL(first.link).searchParams.get('token') ?? ''
}

describe('a server without an admin', () => {
  test('prints a link with 256 random bits at its own address and keeps their digest only', async () => {
    const first = await start()
    expect(first).toEqual({ kind: 'link', link: expect.stringMatching(/^https:\/\/latchkey\.example\/setup\?token=[\w-]{43}$/) as string })
    const token = first.kind === 'link' ? first.link.slice(-43) : ''
    expect(JSON.stringify(await fresh.db.setupLink.findMany())).not.toContain(token)
  })

  test('becomes one with an admin through its link, once', async () => {
    const token = await linkToken()
    expect(await readSetupLink(visit(), { token })).toBe(true)
    expect(await completeSetup(visit(), { token, email: ' Admin@Example.com', name: 'Ada', password })).toEqual({ email: 'admin@example.com' })
    expect(await fresh.db.user.findMany({ select: { email: true, name: true, serverAdmin: true } })).toEqual([
      { email: 'admin@example.com', name: 'Ada', serverAdmin: true },
    ])
    expect(await signIn('admin@example.com', password)).toMatchObject({ email: 'admin@example.com' })
    expect(await readSetupLink(visit(), { token })).toBe(false)
    expect((await outcomeOf(completeSetup(visit(), { token, email: 'b@example.com', name: 'B', password }))).code).toBe('not-found')
    expect(await start()).toEqual({ kind: 'exists' })
    expect(await fresh.db.auditEvent.findFirst({ where: { action: 'setup' }, orderBy: { id: 'desc' } })).toMatchObject({ actor: 'admin@example.com', outcome: 'done' })
  })

  test('replaces the link at each start; an old one, a guess and one after 24 hours look alike', async () => {
    const old = await linkToken()
    const token = await linkToken()
    const finish = (text: string) => outcomeOf(completeSetup(visit(), { token: text, email: 'a@example.com', name: 'A', password }))
    const answers = [await finish(old), await finish('x'.repeat(43))]
    await fresh.db.setupLink.updateMany({ data: { createdAt: new Date(Date.now() - 24 * 60 * 60 * 1000 - 1000) } })
    answers.push(await finish(token))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]?.code).toBe('not-found')
    expect(await fresh.db.user.count()).toBe(0)
  })

  test('refuses what does not fit, field by field, without spending the link or repeating the password', async () => {
    const token = await linkToken()
    const outcome = await outcomeOf(completeSetup(visit(), { token, email: 'no-address', name: '', password: 'canary!' }))
    expect(Object.keys(outcome.fields as object).sort()).toEqual(['email', 'name', 'password'])
    expect(JSON.stringify(outcome)).not.toContain('canary')
    expect(await readSetupLink(visit(), { token })).toBe(true)
  })

  test('slows down clients that try tokens', async () => {
    const guess = () => outcomeOf(completeSetup({ ...visit(), client: '203.0.113.77' }, { token: 'guess', email: 'a@example.com', name: 'A', password }))
    const codes: string[] = []
    for (let attempt = 0; attempt < 10; attempt++) codes.push((await guess()).code)
    expect(new Set(codes)).toEqual(new Set(['not-found']))
    await stretchWaitsOf(fresh.db)
    expect((await guess()).code).toBe('too-many-attempts')
  })
})

describe('unattended set-up', () => {
  test('makes the admin once; later values of the variables change nothing', async () => {
    expect(await start('Root@Example.com', ' ten chars ')).toEqual({ kind: 'made', email: 'root@example.com' })
    expect(await start('other@example.com', 'another password')).toEqual({ kind: 'exists' })
    expect(await fresh.db.user.findMany({ select: { email: true, serverAdmin: true } })).toEqual([{ email: 'root@example.com', serverAdmin: true }])
    expect(await signIn('root@example.com', ' ten chars ')).not.toBeNull()
    expect(await signIn('root@example.com', 'ten chars')).toBeNull()
  })

  test('closes a set-up link that was open', async () => {
    const token = await linkToken()
    await start('root@example.com', password)
    expect((await outcomeOf(completeSetup(visit(), { token, email: 'a@example.com', name: 'A', password }))).code).toBe('not-found')
  })

  test.each([
    ['LATCHKEY_ADMIN_PASSWORD', 'root@example.com', undefined],
    ['LATCHKEY_ADMIN_PASSWORD', 'root@example.com', 'canary'],
    ['LATCHKEY_ADMIN_EMAIL', undefined, 'canary password'],
    ['LATCHKEY_ADMIN_EMAIL', 'canary', 'canary password'],
  ])('names %s when it is missing or unfit, and never shows it', async (name, email, secret) => {
    await expect(start(email, secret)).rejects.toThrow(name)
    await expect(start(email, secret)).rejects.not.toThrow('canary')
    expect(await fresh.db.user.count()).toBe(0)
  })
})

test('somebody who came before there was an admin does not become one by that', async () => {
  await person(fresh.db, 'early')
  expect((await start()).kind).toBe('link')
  expect(await fresh.db.user.count({ where: { serverAdmin: true } })).toBe(0)
})
