import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roomFolder, roomStorage, seedRoomFile } from './room-storage'

/** Exchanges a folder and a link as fast as it can; Node has no renameat2(2). Null where that cannot be had. */
const swapper = process.platform === 'linux' && spawnSync('python3', ['--version']).status === 0
  ? `
import ctypes, sys
folder, link = ((sys.argv[1] + name).encode() for name in ('/folder', '/link'))
libc = ctypes.CDLL(None)
print('ready', flush=True)
while True: libc.renameat2(-100, folder, -100, link, 2)
`
  : null
if (swapper === null) process.stderr.write('SKIPPED: a race for the storage of a room, because python3 on Linux is not here.\n')

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

  it.skipIf(swapper === null)('seeds nothing outside while a service swaps its folder for a link', async () => {
    const room = await roomFolder(dataDir, 'room', 'folder').then(path.dirname)
    symlinkSync(outside, path.join(room, 'link'))
    const swapping = spawn('python3', ['-c', swapper ?? '', room], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(swapping.stdout, 'data')
      for (let count = 0; count < 400; count += 1) await seedRoomFile(dataDir, 'room', { path: `folder/${String(count)}`, text: '' }).catch(() => undefined)
    } finally {
      swapping.kill('SIGKILL')
      await once(swapping, 'close')
    }
    expect(readdirSync(outside)).toEqual([])
  })
})
