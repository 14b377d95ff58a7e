import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKeyring } from '@/lib/crypto/keyring'
import { localRootKeys } from '@/lib/crypto/root-keys'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { roomSecret } from './secret-address'
import { deleteSecret, listSecretMetadata, MAX_SECRET_BYTES, putSecret, readSecret } from './secret-store'
import { SecretValue } from './secret-value'

const rootKey = (fill: number) => localRootKeys([{ id: `root-${String(fill)}`, bytes: Buffer.alloc(32, fill) }])
const keys = createKeyring(rootKey(1))
const write = (text: string) => ({ value: SecretValue.fromText(text), writtenBy: 'alice@example.com' })

describe('secret store', () => {
  let fresh: FreshDatabase
  let roomId: string
  let otherRoom: string
  beforeAll(async () => void (fresh = await freshDatabase()))
  afterAll(() => fresh.close())
  beforeEach(async () => {
    const project = await fresh.db.project.create({ data: { name: 'p', ownerUserId: crypto.randomUUID() } })
    const room = (name: string) => fresh.db.room.create({ data: { projectId: project.id, name } })
    roomId = (await room('a')).id
    otherRoom = (await room('b')).id
  })

  const put = (address: ReturnType<typeof roomSecret>, text: string) => fresh.db.$transaction((tx) => putSecret(tx, keys, address, write(text)))
  const read = async (address: ReturnType<typeof roomSecret>, ring = keys) => (await readSecret(fresh.db, ring, address))?.value.reveal().toString()

  it('gives back exactly the bytes that were stored', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    const address = roomSecret(roomId, 'agent', 'binary')
    await fresh.db.$transaction((tx) => putSecret(tx, keys, address, { value: SecretValue.fromBytes(bytes), writtenBy: 'a' }))
    expect((await readSecret(fresh.db, keys, address))?.value.reveal()).toEqual(bytes)
  })

  it('knows no secret under another owner, id, room or delegation', async () => {
    await put(roomSecret(roomId, 'agent', 'key'), 'value')
    expect(await read(roomSecret(roomId, 'other', 'key'))).toBeUndefined()
    expect(await read(roomSecret(roomId, 'agent', 'other'))).toBeUndefined()
    expect(await read(roomSecret(otherRoom, 'agent', 'key'))).toBeUndefined()
    expect(await read({ ...roomSecret(roomId, 'agent', 'key'), delegatedTo: 'x' })).toBeUndefined()
  })

  it('loses no version to concurrent writers', async () => {
    const address = roomSecret(roomId, 'agent', 'contested')
    const versions = await Promise.all(Array.from({ length: 12 }, (_, index) => put(address, `value ${String(index)}`)))
    expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    expect(await fresh.db.secretVersion.count({ where: { secret: { roomId } } })).toBe(12)
    expect(await read(address)).toBe(`value ${String(versions.indexOf(12))}`)
  })

  it('stores nothing in clear', async () => {
    await put(roomSecret(roomId, 'agent', 'key'), 'canary-71c0ffee')
    const dump = JSON.stringify(await fresh.db.secretVersion.findMany(), (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value))
    expect(dump).not.toContain('canary-71c0ffee')
  })

  it('opens no ciphertext that was moved to another row, owner, room or version', async () => {
    const from = roomSecret(roomId, 'agent', 'from')
    await put(from, 'precious')
    const stolen = await fresh.db.secretVersion.findFirstOrThrow({ where: { secret: { key: 'from', roomId } } })
    for (const target of [roomSecret(roomId, 'agent', 'to'), roomSecret(roomId, 'thief', 'from'), roomSecret(otherRoom, 'agent', 'from')]) {
      await put(target, 'bait')
      const { id } = await fresh.db.secret.findFirstOrThrow({ where: target })
      await fresh.db.secretVersion.updateMany({ where: { secretId: id }, data: { envelope: stolen.envelope } })
      await expect(read(target)).rejects.toMatchObject({ code: 'secret-unreadable' })
    }
    await put(from, 'second')
    await fresh.db.secretVersion.updateMany({ where: { secretId: stolen.secretId, version: 2 }, data: { envelope: stolen.envelope } })
    await expect(read(from)).rejects.toMatchObject({ code: 'secret-unreadable' })
  })

  it('says one thing for every secret that does not open, and nothing about why', async () => {
    const address = roomSecret(roomId, 'agent', 'key')
    await put(address, 'value')
    const foreignRoot = await read(address, createKeyring(rootKey(2))).catch((error: unknown) => error)
    await fresh.db.secretVersion.updateMany({ where: { secret: { roomId } }, data: { envelope: new Uint8Array([1, 2, 3]) } })
    const damaged = await read(address).catch((error: unknown) => error)
    expect(foreignRoot).toMatchObject({ code: 'secret-unreadable' })
    expect(String(foreignRoot)).toBe(String(damaged))
  })

  it('names the root keys that are not at hand', async () => {
    await put(roomSecret(roomId, 'agent', 'key'), 'value')
    expect(await keys.missingRootKeys(fresh.db)).toEqual([])
    expect(await createKeyring(rootKey(2)).missingRootKeys(fresh.db)).toEqual(['root-1'])
  })

  it('fills in type and name, and keeps them when only the value changes', async () => {
    const labelled = roomSecret(roomId, 'agent', 'labelled')
    await put(roomSecret(roomId, 'agent', 'plain'), 'x')
    await fresh.db.$transaction((tx) => putSecret(tx, keys, labelled, { ...write('x'), name: 'API token', type: 'text/plain' }))
    await put(labelled, 'y')
    expect(await listSecretMetadata(fresh.db, roomId)).toMatchObject([
      { key: 'labelled', name: 'API token', type: 'text/plain', version: 2 },
      { key: 'plain', name: 'plain', type: 'application/octet-stream', version: 1 },
    ])
  })

  it('refuses more than 1 MiB and takes exactly that', async () => {
    const address = roomSecret(roomId, 'agent', 'large')
    await put(address, 'x'.repeat(MAX_SECRET_BYTES))
    await expect(put(address, 'x'.repeat(MAX_SECRET_BYTES + 1))).rejects.toMatchObject({ code: 'invalid' })
    expect(await read(address)).toHaveLength(MAX_SECRET_BYTES)
  })

  it('deletes with every version, and only that secret', async () => {
    await put(roomSecret(roomId, 'agent', 'gone'), 'a')
    await put(roomSecret(roomId, 'agent', 'gone'), 'b')
    await put(roomSecret(roomId, 'agent', 'stays'), 'c')
    expect(await deleteSecret(fresh.db, roomSecret(roomId, 'agent', 'gone'))).toBe(true)
    expect(await deleteSecret(fresh.db, roomSecret(roomId, 'agent', 'gone'))).toBe(false)
    expect(await fresh.db.secretVersion.count({ where: { secret: { roomId } } })).toBe(1)
    expect(await read(roomSecret(roomId, 'agent', 'stays'))).toBe('c')
  })
})
