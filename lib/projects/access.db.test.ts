import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuditAction } from '@/lib/audit/record'
import type { Call } from '@/lib/call'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { acceptInvitation } from './accept-invitation'
import { createProject } from './create-project'
import { createRoom } from './create-room'
import { getProject } from './get-project'
import { getRoom } from './get-room'
import { invitePerson } from './invite-person'
import { listAllProjects } from './list-all-projects'
import { listGrants } from './list-grants'
import { listInvitations } from './list-invitations'
import { listMembers } from './list-members'
import { listProjects } from './list-projects'
import { listRooms } from './list-rooms'
import { readInvitation } from './read-invitation'
import { removeGrant } from './remove-grant'
import { removeMember } from './remove-member'
import { renameProject } from './rename-project'
import { renameRoom } from './rename-room'
import { revokeInvitation } from './revoke-invitation'
import { setGrant } from './set-grant'
import { setRole } from './set-role'
import { callOf, makeWorld, outcomeOf, placesOf, standings, visitOf, type StandingName, type World } from './testing'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  await fresh.db.project.deleteMany()
  await fresh.db.user.deleteMany()
})

type Places = Pick<World, 'projectId' | 'roomId' | 'invitationId' | 'inviteToken' | 'colleague'>
type Expected = 'ok' | 'forbidden' | 'not-found' | 'empty' | 'never'

interface Case {
  run: (call: Call, places: Places) => Promise<unknown>
  expected: Record<StandingName, Expected>
  audit: AuditAction | null
}

/** In the order of `standings`. */
const who = (...expected: [Expected, Expected, Expected, Expected, Expected, Expected, Expected]): Case['expected'] => {
  const [admin, developer, member, owner, roomMember, stranger, nobody] = expected
  return { 'project admin': admin, developer, member, 'room owner': owner, 'room member': roomMember, stranger, nobody }
}

const insiders = who('ok', 'ok', 'ok', 'ok', 'ok', 'not-found', 'not-found')
const projectAdmins = who('ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 'not-found', 'not-found')
const inTheRoom = who('ok', 'not-found', 'not-found', 'ok', 'ok', 'not-found', 'not-found')
const roomOwners = who('ok', 'not-found', 'not-found', 'ok', 'forbidden', 'not-found', 'not-found')
const newcomer = () => `new-${randomUUID()}@example.com`

/** Keyed by the verb's name, with a note after a space where a verb has several faces. */
const cases: Record<string, Case> = {
  listProjects: { run: (call) => listProjects(call), expected: who('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'empty'), audit: null },
  listAllProjects: {
    run: (call) => listAllProjects(call),
    expected: who('forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden'),
    audit: null,
  },
  getProject: { run: (call, { projectId }) => getProject(call, { projectId }), expected: insiders, audit: null },
  renameProject: {
    run: (call, { projectId }) => renameProject(call, { projectId, name: 'New' }),
    expected: projectAdmins,
    audit: 'project:rename',
  },
  createRoom: {
    run: (call, { projectId }) => createRoom(call, { projectId, name: 'Attic' }),
    expected: who('ok', 'ok', 'forbidden', 'forbidden', 'forbidden', 'not-found', 'not-found'),
    audit: 'room:create',
  },
  listRooms: {
    run: (call, { projectId }) => listRooms(call, { projectId }),
    expected: who('ok', 'empty', 'empty', 'ok', 'ok', 'not-found', 'not-found'),
    audit: null,
  },
  getRoom: { run: (call, { roomId }) => getRoom(call, { roomId }), expected: inTheRoom, audit: null },
  renameRoom: { run: (call, { roomId }) => renameRoom(call, { roomId, name: 'Cellar' }), expected: roomOwners, audit: 'room:rename' },
  listMembers: { run: (call, { projectId }) => listMembers(call, { projectId }), expected: insiders, audit: null },
  setRole: {
    run: (call, { projectId, colleague }) => setRole(call, { projectId, userId: colleague.userId, role: 'admin' }),
    expected: projectAdmins,
    audit: 'member:set-role',
  },
  removeMember: {
    run: (call, { projectId, colleague }) => removeMember(call, { projectId, userId: colleague.userId }),
    expected: projectAdmins,
    audit: 'member:remove',
  },
  listGrants: { run: (call, { roomId }) => listGrants(call, { roomId }), expected: inTheRoom, audit: null },
  setGrant: {
    run: (call, { roomId, colleague }) => setGrant(call, { roomId, userId: colleague.userId, grant: 'owner' }),
    expected: roomOwners,
    audit: 'grant:set',
  },
  removeGrant: {
    run: (call, { roomId, colleague }) => removeGrant(call, { roomId, userId: colleague.userId }),
    expected: roomOwners,
    audit: 'grant:remove',
  },
  'invitePerson to the project': {
    run: (call, { projectId }) => invitePerson(call, { projectId, email: newcomer(), role: 'member' }),
    expected: projectAdmins,
    audit: 'invitation:create',
  },
  'invitePerson to the room': {
    run: (call, { projectId, roomId }) => invitePerson(call, { projectId, email: newcomer(), role: 'member', roomId, grant: 'owner' }),
    expected: roomOwners,
    audit: 'invitation:create',
  },
  'invitePerson to the room as more than a member': {
    run: (call, { projectId, roomId }) => invitePerson(call, { projectId, email: newcomer(), role: 'developer', roomId, grant: 'member' }),
    expected: who('ok', 'not-found', 'not-found', 'forbidden', 'forbidden', 'not-found', 'not-found'),
    audit: 'invitation:create',
  },
  'listInvitations of the project': {
    run: (call, { projectId }) => listInvitations(call, { projectId }),
    expected: projectAdmins,
    audit: null,
  },
  'listInvitations of the room': {
    run: (call, { projectId, roomId }) => listInvitations(call, { projectId, roomId }),
    expected: roomOwners,
    audit: null,
  },
  revokeInvitation: {
    run: (call, { invitationId }) => revokeInvitation(call, { invitationId }),
    expected: who('ok', 'not-found', 'not-found', 'ok', 'not-found', 'not-found', 'not-found'),
    audit: 'invitation:revoke',
  },
  readInvitation: {
    run: (call, { inviteToken }) => readInvitation(visitOf(call.db, call.actor), { token: inviteToken }),
    expected: who('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
    audit: null,
  },
  'acceptInvitation signed in as somebody else': {
    run: (call, { inviteToken }) =>
      acceptInvitation(visitOf(call.db, call.actor), { token: inviteToken, name: 'Eve', password: 'a long password' }),
    expected: who('forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden', 'forbidden'),
    audit: 'invitation:accept',
  },
  'acceptInvitation not signed in': {
    run: (call, { inviteToken }) => acceptInvitation(visitOf(call.db, null), { token: inviteToken, name: 'Ivy', password: 'a long password' }),
    expected: who('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'),
    audit: 'invitation:accept',
  },
  createProject: {
    run: (call) => createProject(call, { name: 'Another' }),
    // A session whose person is gone makes no call (lib/auth/session.ts).
    expected: who('ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'never'),
    audit: 'project:create',
  },
}

/** Exported for the verbs and not verbs themselves. */
const parts = ['findInvitation', 'openInvitations', 'spentInvitation', 'keepAnAdmin', 'keepAnOwner', 'lockProject', 'refusingTakenName']

test('every verb of this folder stands in the table', async () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^testing\.ts$/.test(file))
  const exported: string[] = []
  for (const file of files) {
    const module = (await import(/* @vite-ignore */ path.join(import.meta.dirname, file))) as Record<string, unknown>
    exported.push(...Object.keys(module).filter((name) => typeof module[name] === 'function'))
  }
  const listed = new Set([...Object.keys(cases).map((label) => label.split(' ')[0] ?? label), ...parts])
  expect(exported.filter((name) => !listed.has(name))).toEqual([])
  expect([...listed].filter((name) => !exported.includes(name))).toEqual([])
})

describe.each(Object.entries(cases))('%s', (label, { run, expected, audit }) => {
  test.each(standings.filter((standing) => expected[standing] !== 'never'))('by %s', async (standing) => {
    const world = await makeWorld(fresh.db)
    const actor = world.people[standing]
    const before = await placesOf(fresh.db)
    const rows = await fresh.db.auditEvent.count()

    const outcome = await outcomeOf(run(callOf(fresh.db, actor), world))

    const empty = Array.isArray(outcome.value) && outcome.value.length === 0
    expect(empty ? 'empty' : outcome.code).toBe(expected[standing])
    const changes = audit !== null && outcome.code === 'ok'
    expect((await placesOf(fresh.db)) !== before, 'changed something').toBe(changes)
    const written = await fresh.db.auditEvent.findMany({ skip: rows, orderBy: { id: 'asc' } })
    expect(written.map(({ action }) => action)).toEqual(changes ? [audit] : [])
    if (changes) expect(written[0]).toMatchObject({ outcome: 'done', actor: label.endsWith('not signed in') ? world.invitedEmail : actor.email })
  })
})

const hidden = Object.entries(cases).filter(([, { expected }]) => expected.stranger === 'not-found')

describe.each(hidden)('%s', (label, { run }) => {
  test('tells a stranger the same of a foreign id, a missing one, and a text that is none', async () => {
    const world = await makeWorld(fresh.db)
    const call = callOf(fresh.db, world.people.stranger)
    const foreign = await outcomeOf(run(call, world))
    expect(foreign.code).toBe('not-found')
    for (const id of [randomUUID(), 'no-uuid', "' OR 1=1 --", '', '../../x', '\0']) {
      const ids = { projectId: id, roomId: id, invitationId: id, inviteToken: id }
      expect(await outcomeOf(run(call, { ...world, ...ids })), label).toEqual(foreign)
    }
  })

  test('finds nothing under an id that is no text, whoever asks', async () => {
    const world = await makeWorld(fresh.db)
    const odd = JSON.parse('{"projectId":{"not":""},"roomId":["x"],"invitationId":{"not":""}}') as Places
    expect((await outcomeOf(run(callOf(fresh.db, world.people['project admin']), { ...world, ...odd }))).code).toBe('not-found')
  })
})
