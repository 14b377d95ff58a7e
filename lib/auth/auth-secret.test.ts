import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authSecret } from './auth-secret'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'auth secret '))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const secret = (given?: string) => authSecret({ LATCHKEY_AUTH_SECRET: given, dataDir })

describe('the key of session cookies', () => {
  test('is made once, for its owner alone, and leaves no draft behind', () => {
    const first = secret()
    expect(first.length).toBeGreaterThanOrEqual(43)
    expect(secret()).toBe(first)
    expect(statSync(path.join(dataDir, 'auth-secret')).mode & 0o777).toBe(0o600)
    expect(readdirSync(dataDir)).toEqual(['auth-secret'])
    expect(readFileSync(path.join(dataDir, 'auth-secret'), 'utf8').trim()).toBe(first)
  })

  test('is the one given, and then no file is made', () => {
    expect(secret('g'.repeat(32))).toBe('g'.repeat(32))
    expect(readdirSync(dataDir)).toEqual([])
  })

  test('refuses one that is too short, without repeating it', () => {
    expect(() => secret('tooshort-canary')).toThrow(/LATCHKEY_AUTH_SECRET/)
    expect(() => secret('tooshort-canary')).not.toThrow(/canary/)
  })

  test('refuses a damaged file rather than use or replace it', () => {
    writeFileSync(path.join(dataDir, 'auth-secret'), 'x')
    expect(() => secret()).toThrow(/damaged/)
    expect(readFileSync(path.join(dataDir, 'auth-secret'), 'utf8')).toBe('x')
  })

  test('names the mend when the data directory cannot hold it', () => {
    writeFileSync(path.join(dataDir, 'taken'), '')
    expect(() => authSecret({ LATCHKEY_AUTH_SECRET: undefined, dataDir: path.join(dataDir, 'taken') })).toThrow(/data directory/)
  })
})
