import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EnvelopeError, envelopeKeyId, open, seal, type SealingKey } from './envelope'

/** What wraps data keys. A key service can stand behind the same two methods. */
export interface RootKeys {
  /** Wraps with the current root key; the envelope names it. */
  wrap(dataKey: Buffer, context: string): Promise<{ rootKeyId: string; wrapped: Buffer }>
  /** @throws EnvelopeError unknown-key when the root key is not configured here. */
  unwrap(wrapped: Uint8Array, context: string): Promise<Buffer>
}

const KEY_BYTES = 32

/** Ids are derived, so that the same key has the same id wherever it is configured; 48 bits tell a handful of keys apart. */
const keyId = (bytes: Buffer): string => `r-${createHash('sha256').update('latchkey root key id').update(bytes).digest('hex').slice(0, 12)}`

/**
 * Reads root keys from text: one key (32 bytes in base64) an entry, separated by commas or line ends. The first is current,
 * the others still open what they wrapped.
 * @throws Error that names the source and the entry's place, never the key.
 */
export function parseRootKeys(text: string, source: string): [SealingKey, ...SealingKey[]] {
  const keys = text
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const bytes = Buffer.from(entry, 'base64')
      if (bytes.length !== KEY_BYTES || !/^[A-Za-z0-9+/_-]+=*$/.test(entry))
        throw new Error(`Root key ${String(index + 1)} in ${source} must be 32 bytes in base64. Make one with: openssl rand -base64 32`)
      return { id: keyId(bytes), bytes }
    })
  const [current, ...older] = keys
  if (current === undefined) throw new Error(`${source} holds no root key. Make one with: openssl rand -base64 32`)
  return [current, ...older]
}

/** Root keys held in this process. */
export function localRootKeys(keys: readonly [SealingKey, ...SealingKey[]]): RootKeys {
  const [current] = keys
  return {
    wrap: (dataKey, context) => Promise.resolve({ rootKeyId: current.id, wrapped: seal(current, dataKey, context) }),
    unwrap: async (wrapped, context) => {
      const id = envelopeKeyId(wrapped)
      const key = keys.find((candidate) => candidate.id === id)
      if (!key) throw new EnvelopeError('unknown-key', id)
      return Promise.resolve(open(key, wrapped, context))
    },
  }
}

/**
 * The key file of the embedded default, made at first use and readable by its owner only. Whoever loses it loses every secret.
 * @throws the file system's error when it can be neither read nor made.
 */
export function rootKeysFromFile(file: string): RootKeys {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return localRootKeys(parseRootKeys(readFileSync(file, 'utf8'), file))
}
