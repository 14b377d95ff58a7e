import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roomFolder, roomStorage, seedRoomFile } from './room-storage'

describe('room storage', () => {
  let dataDir: string
  let outside: string
  beforeEach(() => {
    dataDir = realpathSync(mkdtempSync(path.join(tmpdir(), 'room-storage-')))
    outside = path.join(dataDir, 'outside')
    mkdirSync(outside)
  })
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  it('makes folders inside the room', async () => {
    expect(await roomFolder(dataDir, 'room', '/a/./b//')).toBe(path.join(roomStorage(dataDir, 'room'), 'a', 'b'))
  })

  it('lets neither dots nor planted links lead out of the room', async () => {
    await roomFolder(dataDir, 'room', 'a')
    symlinkSync(outside, path.join(roomStorage(dataDir, 'room'), 'a', 'link'))
    symlinkSync('/', path.join(roomStorage(dataDir, 'room'), 'root'))
    for (const subpath of ['..', 'a/../../x', 'a/link', 'a/link/deeper', 'root/etc'])
      await expect(roomFolder(dataDir, 'room', subpath)).rejects.toMatchObject({ code: 'invalid' })
    expect(existsSync(path.join(outside, 'deeper'))).toBe(false)
  })

  it('does not take a neighbour with a longer name for itself', async () => {
    mkdirSync(roomStorage(dataDir, 'room-2'), { recursive: true })
    await roomFolder(dataDir, 'room', '')
    symlinkSync(roomStorage(dataDir, 'room-2'), path.join(roomStorage(dataDir, 'room'), 'link'))
    await expect(roomFolder(dataDir, 'room', 'link')).rejects.toMatchObject({ code: 'invalid' })
  })

  it('seeds a file once and never through a link', async () => {
    await seedRoomFile(dataDir, 'room', { path: 'notes/rules.md', text: 'first' })
    await seedRoomFile(dataDir, 'room', { path: '/notes/rules.md', text: 'second' })
    const room = roomStorage(dataDir, 'room')
    expect(readFileSync(path.join(room, 'notes', 'rules.md'), 'utf8')).toBe('first')
    writeFileSync(path.join(outside, 'target'), 'safe')
    symlinkSync(path.join(outside, 'target'), path.join(room, 'planted'))
    symlinkSync(path.join(outside, 'new'), path.join(room, 'dangling'))
    await seedRoomFile(dataDir, 'room', { path: 'planted', text: 'overwritten' })
    await seedRoomFile(dataDir, 'room', { path: 'dangling', text: 'made outside' })
    expect(readFileSync(path.join(outside, 'target'), 'utf8')).toBe('safe')
    expect(existsSync(path.join(outside, 'new'))).toBe(false)
    await expect(seedRoomFile(dataDir, 'room', { path: '../x', text: '' })).rejects.toMatchObject({ code: 'invalid' })
  })
})
