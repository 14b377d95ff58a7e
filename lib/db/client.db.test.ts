import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { db } from './client'
import { freshDatabase, testPostgres, type FreshDatabase } from './testing'

const kinds = ['embedded', 'postgres'] as const

describe.each(kinds)('a database (%s)', (kind) => {
  if (kind === 'postgres' && testPostgres === undefined) {
    it.skip('needs LATCHKEY_TEST_POSTGRES, the URL of a PostgreSQL server')
    return
  }
  let fresh: FreshDatabase
  beforeAll(async () => {
    fresh = await freshDatabase(kind)
  })
  afterAll(() => fresh.close())

  it('starts empty, is what db() gives, and keeps bytes, JSON and times exactly', async () => {
    expect(await db().user.count()).toBe(0)
    const digest = `sha256:${'0'.repeat(64)}`
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    const at = new Date('2031-02-03T04:05:06.789Z')
    await db().dataKey.create({ data: { scope: 'server', rootKeyId: 'k', wrapped: bytes, createdAt: at } })
    await db().auditEvent.create({ data: { actor: 'a', action: 'b', outcome: 'ok', target: digest, requestId: 'r', details: { list: [1, null, "'; --"] } } })
    const key = await db().dataKey.findUniqueOrThrow({ where: { scope: 'server' } })
    expect(Array.from(key.wrapped)).toEqual(Array.from(bytes))
    expect(key.createdAt).toEqual(at)
    expect((await db().auditEvent.findFirstOrThrow()).details).toEqual({ list: [1, null, "'; --"] })
  })

  it('rolls a failed transaction back and serves the next query', async () => {
    await expect(
      db().$transaction(async (tx) => {
        await tx.user.create({ data: { email: 'gone@example.com' } })
        await tx.user.create({ data: { email: 'gone@example.com' } })
      }),
    ).rejects.toMatchObject({ code: 'P2002' })
    expect(await db().user.count()).toBe(0)
  })

  it('runs concurrent transactions without losing one', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        db().$transaction(async (tx) => {
          const { id } = await tx.user.create({ data: { email: `${String(index)}@example.com` } })
          await tx.user.update({ where: { id }, data: { name: 'kept' } })
        }),
      ),
    )
    expect(await db().user.count({ where: { name: 'kept' } })).toBe(20)
  })

  it('leaves no open transaction behind when a connection is thrown away', async () => {
    const client = await fresh.pool.connect()
    await client.query('BEGIN')
    await client.query(`UPDATE "User" SET name = 'lost'`)
    client.release(true)
    expect(await db().user.count({ where: { name: 'lost' } })).toBe(0)
    await db().user.create({ data: { email: 'after@example.com' } })
  })

  it('refuses an undefined filter instead of matching every row', async () => {
    const id = undefined as unknown as string
    await expect(db().user.deleteMany({ where: { id } })).rejects.toThrow()
  })
})
