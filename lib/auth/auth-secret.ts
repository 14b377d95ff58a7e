import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { env, type Settings } from '@/lib/env'
import { AppError } from '@/lib/errors'

const shortest = 32

/**
 * The key of session cookies: LATCHKEY_AUTH_SECRET, else `auth-secret` in the data directory, made once for its owner only.
 * Several servers on one database need the same one, so they set the variable.
 * @throws AppError storage when the file can be neither read nor made; Error when the variable is too short
 */
export function authSecret(settings: Pick<Settings, 'LATCHKEY_AUTH_SECRET' | 'dataDir'> = env()): string {
  const given = settings.LATCHKEY_AUTH_SECRET
  if (given !== undefined) {
    if (given.length < shortest) throw new Error(`LATCHKEY_AUTH_SECRET is too short: it needs at least ${shortest} characters.`)
    return given
  }
  const file = path.join(settings.dataDir, 'auth-secret')
  return read(file) ?? make(file)
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    if (text.length >= shortest) return text
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new AppError('storage', 'The file auth-secret in the data directory cannot be read.', { cause })
  }
  throw new AppError('storage', 'The file auth-secret in the data directory is damaged. Remove it; everybody then signs in again.')
}

/** Written aside and linked into place, so that no other process ever reads half of it and the first one wins. */
function make(file: string): string {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    try {
      linkSync(draft, file)
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    } finally {
      rmSync(draft, { force: true })
    }
  } catch (cause) {
    throw new AppError('storage', 'The file auth-secret cannot be written in the data directory. Is it writable, and is there space?', { cause })
  }
  return read(file) ?? make(file)
}
