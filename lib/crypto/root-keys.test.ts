import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localRootKeys, parseRootKeys, rootKeysFromFile } from './root-keys'

const first = Buffer.alloc(32, 1).toString('base64')
const second = Buffer.alloc(32, 2).toString('base64')
const dataKey = Buffer.alloc(32, 9)

describe('root keys', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'root-keys-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('wrap with the first key, and still open what an older one wrapped', async () => {
    const before = localRootKeys(parseRootKeys(first, 'test'))
    const after = localRootKeys(parseRootKeys(`${second},${first}`, 'test'))
    const old = await before.wrap(dataKey, 'scope')
    expect(await after.unwrap(old.wrapped, 'scope')).toEqual(dataKey)
    expect((await after.wrap(dataKey, 'scope')).rootKeyId).not.toBe(old.rootKeyId)
  })

  it('say so when the key that wrapped is not configured', async () => {
    const { wrapped } = await localRootKeys(parseRootKeys(first, 'test')).wrap(dataKey, 'scope')
    await expect(localRootKeys(parseRootKeys(second, 'test')).unwrap(wrapped, 'scope')).rejects.toMatchObject({ reason: 'unknown-key' })
  })

  it('do not open a data key under another scope', async () => {
    const keys = localRootKeys(parseRootKeys(first, 'test'))
    const { wrapped } = await keys.wrap(dataKey, 'room:a')
    await expect(keys.unwrap(wrapped, 'room:b')).rejects.toMatchObject({ reason: 'not-authentic' })
  })

  it.each(['', 'short', Buffer.alloc(31).toString('base64'), `${first},not base64!`])('refuse a key in the wrong form without printing it', (text) => {
    expect(() => parseRootKeys(text, 'LATCHKEY_ROOT_KEY')).toThrow(/LATCHKEY_ROOT_KEY/)
    try {
      parseRootKeys(text, 'LATCHKEY_ROOT_KEY')
    } catch (error) {
      if (text !== '') expect(String(error)).not.toContain(text)
    }
  })

  it('make their file once, for the owner only, and keep it', async () => {
    const file = path.join(dir, 'data', 'root-key')
    const { wrapped } = await rootKeysFromFile(file).wrap(dataKey, 'scope')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await rootKeysFromFile(file).unwrap(wrapped, 'scope')).toEqual(dataKey)
  })

  it('never overwrite a file that is there', () => {
    const file = path.join(dir, 'root-key')
    writeFileSync(file, 'damaged')
    expect(() => rootKeysFromFile(file)).toThrow(/32 bytes/)
    expect(readFileSync(file, 'utf8')).toBe('damaged')
  })
})
