import type { Database, Tx } from '@/lib/db/client'
import { ClearRecord } from './clear-record'
import { nothingStored, type StoredInputs } from './partition-inputs'
import type { Field } from './views'

/** An installation with its record in clear, parsed. */
export interface Installed {
  id: string
  roomId: string
  serviceId: string
  name: string
  templateDigest: string
  sourceUrl: string | null
  sealedInputs: Uint8Array | null
  /** Of the request that wrote it last; so it also tells whether it was changed meanwhile. */
  requestKey: string
  clear: ClearRecord
}

/** The installations of a room that are not removed. */
export async function installedInRoom(db: Database | Tx, roomId: string): Promise<Installed[]> {
  const rows = await db.installation.findMany({ where: { roomId, removedAt: null }, orderBy: { createdAt: 'asc' } })
  return rows.map((row) => ({ ...row, clear: ClearRecord.parse(row.clear) }))
}

interface SecretReference {
  identity: string
  id: string
}

export const sameSecret = (a: SecretReference, b: SecretReference): boolean => a.identity === b.identity && a.id === b.id

/** Names of the services among `others` that read a secret or stored it. */
export const usersOf = (secret: SecretReference, others: readonly Installed[]): string[] =>
  others
    .filter(({ clear }) => clear.reads.some((read) => sameSecret(read, secret)) || clear.writes.some((write) => write.given && sameSecret(write, secret)))
    .map(({ name }) => name)

/**
 * What an update may keep. A secret is kept only when the new template stores it in the very place where it is: a text that
 * points an old variable at another place must ask again.
 */
export function storedInputs(existing: Installed | null, fields: readonly Field[]): StoredInputs {
  if (!existing) return nothingStored
  const { inputs, sealed, writes } = existing.clear
  const kept = fields.filter((field) => {
    const secret = field.secret
    return secret && writes.some((write) => write.given && sameSecret(write, { identity: secret.owner, id: secret.id }))
  })
  return { plain: inputs, obscured: new Set(sealed), secrets: new Set(kept.map((field) => field.name)) }
}
