import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { AppError } from '@/lib/errors'
import { createProject } from './create-project'
import { createRoom } from './create-room'
import { getProject } from './get-project'
import { getRoom } from './get-room'
import { listAllProjects } from './list-all-projects'
import { listGrants } from './list-grants'
import { listProjects } from './list-projects'
import { listRooms } from './list-rooms'
import { removeGrant } from './remove-grant'
import { removeMember } from './remove-member'
import { renameRoom } from './rename-room'
import { setGrant } from './set-grant'
import { setRole } from './set-role'
import { callOf, join, makeWorld, outcomeOf, person, type World } from './testing'

let fresh: FreshDatabase
let world: World
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  world = await makeWorld(fresh.db)
})

const by = (name: keyof World['people']) => callOf(fresh.db, world.people[name])

describe('a project', () => {
  test('makes its creator its admin, and nobody else anything', async () => {
    const { projectId } = await createProject(by('stranger'), { name: ' New place ' })
    expect(await getProject(by('stranger'), { projectId })).toMatchObject({ name: 'New place', role: 'admin' })
    expect((await outcomeOf(getProject(by('project admin'), { projectId }))).code).toBe('not-found')
  })

  test('keeps at least one admin, whoever goes or is demoted', async () => {
    const { projectId } = world
    const { userId } = world.people['project admin']
    const demote = await outcomeOf(setRole(by('project admin'), { projectId, userId, role: 'member' }))
    const leave = await outcomeOf(removeMember(by('project admin'), { projectId, userId }))
    expect([demote.code, leave.code]).toEqual(['conflict', 'conflict'])
    await setRole(by('project admin'), { projectId, userId: world.colleague.userId, role: 'admin' })
    await removeMember(by('project admin'), { projectId, userId })
    expect((await outcomeOf(getProject(by('project admin'), { projectId }))).code).toBe('not-found')
  })

  test('lets people leave by themselves', async () => {
    const { projectId, roomId } = world
    const { userId } = world.people['room member']
    await removeMember(by('room member'), { projectId, userId })
    expect((await outcomeOf(getRoom(by('room member'), { roomId }))).code).toBe('not-found')
  })

  test('takes all grants in its rooms from whoever it loses, and none elsewhere', async () => {
    const { projectId, roomId, colleague } = world
    const other = await makeWorld(fresh.db)
    await join(fresh.db, colleague, other.projectId, 'member', { id: other.roomId, grant: 'member' })
    await removeMember(by('project admin'), { projectId, userId: colleague.userId })
    expect(await fresh.db.roomMember.findMany({ where: { userId: colleague.userId }, select: { roomId: true } })).toEqual([{ roomId: other.roomId }])
    // A grant that were left over would count for nothing.
    await fresh.db.roomMember.create({ data: { roomId, userId: colleague.userId, grant: 'owner' } })
    expect((await outcomeOf(getRoom(callOf(fresh.db, colleague), { roomId }))).code).toBe('not-found')
  })

  test('gives no role to a person who was never let in', async () => {
    const { projectId } = world
    const outcome = await outcomeOf(setRole(by('project admin'), { projectId, userId: world.people.stranger.userId, role: 'member' }))
    expect(outcome.code).toBe('not-found')
  })
})

describe('a room', () => {
  test('makes its creator its owner', async () => {
    const { roomId } = await createRoom(by('developer'), { projectId: world.projectId, name: 'Attic' })
    expect(await getRoom(by('developer'), { roomId })).toMatchObject({ name: 'Attic', grant: 'owner', role: 'developer' })
  })

  test('keeps at least one owner, whoever goes or is demoted', async () => {
    const { projectId, roomId } = world
    const { userId } = world.people['room owner']
    const outcomes = [
      await outcomeOf(setGrant(by('room owner'), { roomId, userId, grant: 'member' })),
      await outcomeOf(removeGrant(by('room owner'), { roomId, userId })),
      await outcomeOf(removeMember(by('project admin'), { projectId, userId })),
    ]
    expect(outcomes.map(({ code }) => code)).toEqual(['conflict', 'conflict', 'conflict'])
    expect(await fresh.db.projectMember.count({ where: { projectId, userId } })).toBe(1)
    await setGrant(by('project admin'), { roomId, userId: world.colleague.userId, grant: 'owner' })
    await removeMember(by('project admin'), { projectId, userId })
    expect((await listGrants(by('project admin'), { roomId })).map((grant) => [grant.userId, grant.grant])).toContainEqual([world.colleague.userId, 'owner'])
  })

  test('is granted to people of its project only', async () => {
    const outcome = await outcomeOf(setGrant(by('project admin'), { roomId: world.roomId, userId: world.people.stranger.userId, grant: 'member' }))
    expect(outcome.code).toBe('not-found')
  })

  test('has a name of its own in its project, said on the field; other projects may use it', async () => {
    const { projectId } = world
    const taken = await outcomeOf(createRoom(by('developer'), { projectId, name: ' Kitchen ' }))
    expect(taken).toMatchObject({ code: 'conflict', fields: { name: expect.stringContaining('name') as string } })
    const { roomId } = await createRoom(by('developer'), { projectId, name: 'Attic' })
    expect(await outcomeOf(renameRoom(by('developer'), { roomId, name: 'Kitchen' }))).toMatchObject({ code: 'conflict', fields: taken.fields })
    await renameRoom(by('developer'), { roomId, name: 'Attic' })
    const other = await createProject(by('stranger'), { name: 'Other' })
    await createRoom(by('stranger'), { projectId: other.projectId, name: 'Kitchen' })
  })

  test('refuses a bad name with a message on the field and without the name in it', async () => {
    const outcome = await outcomeOf(createRoom(by('developer'), { projectId: world.projectId, name: 'canary\u200b' }))
    expect(outcome).toMatchObject({ code: 'invalid', fields: { name: expect.any(String) as string } })
    expect(JSON.stringify(outcome)).not.toContain('canary')
  })
})

describe('lists', () => {
  test('show each person what they may see and no more', async () => {
    const { projectId } = world
    await createRoom(by('developer'), { projectId, name: 'Attic' })
    const names = async (name: keyof World['people']) => (await listRooms(by(name), { projectId })).map((room) => room.name)
    expect(await names('project admin')).toEqual(['Attic', 'Kitchen'])
    expect(await names('developer')).toEqual(['Attic'])
    expect(await names('room member')).toEqual(['Kitchen'])
    expect(await names('member')).toEqual([])
    expect((await listProjects(by('room member'))).map(({ name, role, rooms }) => [name, role, rooms])).toEqual([['Ours', 'member', 1]])
  })

  test('name what the actor may do, as the policy has it', async () => {
    const { projectId, roomId } = world
    expect((await getProject(by('developer'), { projectId })).allowed).toEqual(['view:project', 'create:room'])
    expect((await getRoom(by('room member'), { roomId })).allowed).toEqual(['view:room', 'view:service'])
    expect((await getRoom(by('room owner'), { roomId })).allowed).toContain('set:secret')
  })

  test('show an admin of the server every project from outside, and none from inside', async () => {
    const actor = { ...(await person(fresh.db, 'root')), serverAdmin: true }
    const call = callOf(fresh.db, actor)
    expect((await listAllProjects(call)).map(({ id }) => id)).toContain(world.projectId)
    expect(await listProjects(call)).toEqual([])
    await expect(getProject(call, { projectId: world.projectId })).rejects.toThrow(AppError)
    await expect(getRoom(call, { roomId: world.roomId })).rejects.toThrow(AppError)
  })
})
