import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { env } from '@/lib/env'
import type { Tx } from '@/lib/db/client'
import { open, seal, type SealingKey } from './envelope'
import { localRootKeys, parseRootKeys, rootKeysFromFile, type RootKeys } from './root-keys'

/** Seals and opens under the data key of a scope: `room:<id>`, or `server` for what belongs to no room. */
export interface Keyring {
  seal(tx: Tx, scope: string, plaintext: Uint8Array, context: string): Promise<Buffer>
  /** @throws EnvelopeError, always without a hint at what is inside. */
  open(tx: Tx, scope: string, envelope: Uint8Array, context: string): Promise<Buffer>
  /** Ids of root keys that wrapped data keys of this database and are not at hand: what they protect cannot be opened. */
  missingRootKeys(tx: Tx): Promise<string[]>
}

const wrapContext = (scope: string): string => JSON.stringify(['latchkey/data-key/v1', scope])

export function createKeyring(rootKeys: RootKeys): Keyring {
  // Data keys are small and few; keeping them unwrapped saves a key-service call for every read.
  const unwrapped = new Map<string, SealingKey>()

  async function dataKey(tx: Tx, scope: string): Promise<SealingKey> {
    let row = await tx.dataKey.findUnique({ where: { scope } })
    if (!row) {
      const wrap = await rootKeys.wrap(randomBytes(32), wrapContext(scope))
      // Two first writers may race: one row wins, both read it back.
      await tx.dataKey.createMany({
        data: [{ scope, rootKeyId: wrap.rootKeyId, wrapped: new Uint8Array(wrap.wrapped) }],
        skipDuplicates: true,
      })
      row = await tx.dataKey.findUniqueOrThrow({ where: { scope } })
    }
    const known = unwrapped.get(row.id)
    if (known) return known
    const key = { id: row.id, bytes: await rootKeys.unwrap(row.wrapped, wrapContext(scope)) }
    unwrapped.set(row.id, key)
    return key
  }

  return {
    seal: async (tx, scope, plaintext, context) => seal(await dataKey(tx, scope), plaintext, context),
    open: async (tx, scope, envelope, context) => open(await dataKey(tx, scope), envelope, context),
    missingRootKeys: async (tx) => {
      const samples = await tx.dataKey.findMany({ distinct: ['rootKeyId'], orderBy: { createdAt: 'asc' } })
      const opened = await Promise.all(samples.map((row) => rootKeys.unwrap(row.wrapped, wrapContext(row.scope)).then(() => true, () => false)))
      return samples.filter((_, index) => opened[index] === false).map((row) => row.rootKeyId)
    },
  }
}

const slot = Symbol.for('latchkey.keyring')
const store = globalThis as typeof globalThis & { [slot]?: Keyring }

/** The keyring of this process: root keys from LATCHKEY_ROOT_KEY, else from the file `root-key` in the data directory. */
export function keyring(): Keyring {
  const settings = env()
  return (store[slot] ??= createKeyring(
    settings.LATCHKEY_ROOT_KEY === undefined
      ? rootKeysFromFile(path.join(settings.dataDir, 'root-key'))
      : localRootKeys(parseRootKeys(settings.LATCHKEY_ROOT_KEY, 'LATCHKEY_ROOT_KEY')),
  ))
}
