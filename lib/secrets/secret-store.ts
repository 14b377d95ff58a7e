import type { Keyring } from '@/lib/crypto/keyring'
import { EnvelopeError } from '@/lib/crypto/envelope'
import type { Tx } from '@/lib/db/client'
import { AppError } from '@/lib/errors'
import { sealingContext, type SecretAddress } from './secret-address'
import { SecretValue } from './secret-value'

/**
 * The only reader and writer of stored secrets. It knows no people: verbs authorize and audit before they come here.
 */

export const MAX_SECRET_BYTES = 1024 * 1024
const MAX_NAME_LENGTH = 512

/** What may be known of a secret without its value. */
export interface SecretMetadata {
  owner: string
  key: string
  delegatedTo: string
  name: string
  type: string
  version: number
  updatedAt: Date
}

export interface SecretWrite {
  value: SecretValue
  /** Defaults to the name it has, else to the key. */
  name?: string
  /** MIME type or label; defaults to the type it has, else to application/octet-stream. */
  type?: string
  /** Identity of the writer. */
  writtenBy: string
}

const scope = (roomId: string): string => `room:${roomId}`
const where = (address: SecretAddress) => ({ roomId_owner_key_delegatedTo: address })

function checked(label: string, text: string): void {
  if (text === '' || text.length > MAX_NAME_LENGTH || text.includes('\0'))
    throw new AppError('invalid', `The ${label} of a secret must be 1 to ${String(MAX_NAME_LENGTH)} characters.`)
}

/**
 * Stores a new version and makes it current; earlier versions stay. Concurrent writers each get a version of their own.
 * @returns the version's number, from 1.
 * @throws AppError invalid for a value over 1 MiB or an unusable name.
 */
export async function putSecret(tx: Tx, keyring: Keyring, address: SecretAddress, write: SecretWrite): Promise<number> {
  checked('owner', address.owner)
  checked('id', address.key)
  if (write.value.size > MAX_SECRET_BYTES) throw new AppError('invalid', 'A secret may be at most 1 MiB (1,048,576 bytes) long.')
  const name = write.name ?? address.key
  const type = write.type ?? 'application/octet-stream'
  checked('name', name)
  checked('type', type)
  const created = await tx.secret.createMany({ data: [{ ...address, name, type, currentVersion: 0 }], skipDuplicates: true })
  const labels = created.count > 0 ? {} : { ...(write.name === undefined ? {} : { name }), ...(write.type === undefined ? {} : { type }) }
  // The increment locks the row until the transaction ends, so each writer sees its own number.
  const secret = await tx.secret.update({
    where: where(address),
    data: { ...labels, currentVersion: { increment: 1 } },
    select: { id: true, currentVersion: true },
  })
  const version = secret.currentVersion
  const envelope = await keyring.seal(tx, scope(address.roomId), write.value.reveal(), sealingContext(address, version))
  await tx.secretVersion.create({
    data: { secretId: secret.id, version, envelope: new Uint8Array(envelope), size: write.value.size, writtenBy: write.writtenBy },
  })
  return version
}

/**
 * The current value, or null when there is no such secret.
 * @throws AppError secret-unreadable, with one public sentence whatever the reason.
 */
export async function readSecret(
  tx: Tx,
  keyring: Keyring,
  address: SecretAddress,
): Promise<{ value: SecretValue; version: number } | null> {
  const secret = await tx.secret.findUnique({ where: where(address), select: { id: true, currentVersion: true } })
  if (!secret) return null
  const version = await tx.secretVersion.findUnique({
    where: { secretId_version: { secretId: secret.id, version: secret.currentVersion } },
    select: { envelope: true, version: true },
  })
  if (!version) return null
  try {
    const bytes = await keyring.open(tx, scope(address.roomId), version.envelope, sealingContext(address, version.version))
    return { value: SecretValue.fromBytes(bytes), version: version.version }
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    throw new AppError('secret-unreadable', 'A stored secret could not be opened. Ask an administrator to check the root keys.', { cause: error })
  }
}

/** The secrets of a room by owner and id, without values. */
export async function listSecretMetadata(tx: Tx, roomId: string): Promise<SecretMetadata[]> {
  const rows = await tx.secret.findMany({ where: { roomId }, orderBy: [{ owner: 'asc' }, { key: 'asc' }, { delegatedTo: 'asc' }] })
  return rows.map((row) => ({
    owner: row.owner,
    key: row.key,
    delegatedTo: row.delegatedTo,
    name: row.name,
    type: row.type,
    version: row.currentVersion,
    updatedAt: row.updatedAt,
  }))
}

/** Removes a secret with all its versions. @returns whether there was one. */
export async function deleteSecret(tx: Tx, address: SecretAddress): Promise<boolean> {
  const { count } = await tx.secret.deleteMany({ where: address })
  return count > 0
}

/** Seals bytes that belong to a room but are no room secret (obscured inputs, say). */
export const sealForRoom = (tx: Tx, keyring: Keyring, roomId: string, plaintext: Uint8Array, context: string): Promise<Buffer> =>
  keyring.seal(tx, scope(roomId), plaintext, context)

/** Opens what sealForRoom sealed. @throws EnvelopeError */
export const openForRoom = (tx: Tx, keyring: Keyring, roomId: string, envelope: Uint8Array, context: string): Promise<Buffer> =>
  keyring.open(tx, scope(roomId), envelope, context)
