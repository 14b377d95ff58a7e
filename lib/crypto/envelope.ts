import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * Sealed bytes. Layout, version 1:
 *   1 byte version = 1 | 1 byte length n of the key id | n bytes key id (ASCII) | 12 bytes nonce | ciphertext | 16 bytes tag
 * AES-256-GCM; the associated data is the header followed by the caller's context, so that neither the key id nor the
 * place of an envelope can be changed. Nonces are random: with 96 bits one data key is good for 2^32 envelopes.
 */

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A 256-bit key under the id that envelopes name it by. */
export interface SealingKey {
  id: string
  bytes: Buffer
}

/** Why an envelope did not open. The reason is for operators; people only hear that it could not be opened. */
export class EnvelopeError extends Error {
  readonly reason: 'malformed' | 'unknown-version' | 'unknown-key' | 'not-authentic'
  readonly keyId: string | null
  constructor(reason: EnvelopeError['reason'], keyId: string | null = null) {
    super(`The envelope cannot be opened: ${reason}${keyId === null ? '' : ` (${keyId})`}.`)
    this.name = 'EnvelopeError'
    this.reason = reason
    this.keyId = keyId
  }
}

function header(keyId: string): Buffer {
  const id = Buffer.from(keyId, 'ascii')
  if (id.length === 0 || id.length > 255 || id.toString('ascii') !== keyId) throw new TypeError('A key id is 1 to 255 ASCII characters.')
  return Buffer.concat([Buffer.from([VERSION, id.length]), id])
}

/**
 * @param context canonical address of what is sealed; the same text is needed to open it.
 */
export function seal(key: SealingKey, plaintext: Uint8Array, context: string): Buffer {
  const head = header(key.id)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.concat([head, Buffer.from(context, 'utf8')]))
  return Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function parse(envelope: Uint8Array): { head: Buffer; keyId: string; body: Buffer } {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength)
  const version = bytes[0]
  const length = bytes[1]
  if (version === undefined || length === undefined) throw new EnvelopeError('malformed')
  if (version !== VERSION) throw new EnvelopeError('unknown-version')
  const headEnd = 2 + length
  if (length === 0 || bytes.length < headEnd + NONCE_BYTES + TAG_BYTES) throw new EnvelopeError('malformed')
  return { head: bytes.subarray(0, headEnd), keyId: bytes.subarray(2, headEnd).toString('ascii'), body: bytes.subarray(headEnd) }
}

/** The id of the key that an envelope needs. @throws EnvelopeError malformed, unknown-version */
export function envelopeKeyId(envelope: Uint8Array): string {
  return parse(envelope).keyId
}

/**
 * @throws EnvelopeError: unknown-key when `key` is of another id; not-authentic for a wrong key, another context or changed bytes.
 */
export function open(key: SealingKey, envelope: Uint8Array, context: string): Buffer {
  const { head, keyId, body } = parse(envelope)
  if (keyId !== key.id) throw new EnvelopeError('unknown-key', keyId)
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.concat([head, Buffer.from(context, 'utf8')]))
  decipher.setAuthTag(body.subarray(body.length - TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, body.length - TAG_BYTES)), decipher.final()])
  } catch {
    throw new EnvelopeError('not-authentic', keyId)
  }
}
