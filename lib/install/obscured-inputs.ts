import { z } from 'zod'
import { EnvelopeError } from '@/lib/crypto/envelope'
import type { Keyring } from '@/lib/crypto/keyring'
import type { Tx } from '@/lib/db/client'
import { AppError } from '@/lib/errors'
import { openForRoom, sealForRoom } from '@/lib/secrets/secret-store'

const Values = z.record(z.string(), z.string())

const context = (installationId: string): string => JSON.stringify(['latchkey/inputs/v1', installationId])

/** Seals the obscured inputs of an installation, which have to be there again at every render. Null when there are none. */
export async function sealInputs(
  tx: Tx,
  keyring: Keyring,
  installation: { id: string; roomId: string },
  values: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Object.keys(values).length === 0) return null
  return new Uint8Array(
    await sealForRoom(tx, keyring, installation.roomId, Buffer.from(JSON.stringify(values), 'utf8'), context(installation.id)),
  )
}

/** @throws AppError secret-unreadable, whatever the reason. */
export async function openInputs(
  tx: Tx,
  keyring: Keyring,
  installation: { id: string; roomId: string; sealedInputs: Uint8Array | null },
): Promise<Record<string, string>> {
  if (!installation.sealedInputs) return {}
  try {
    const bytes = await openForRoom(tx, keyring, installation.roomId, installation.sealedInputs, context(installation.id))
    return Values.parse(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    throw new AppError('secret-unreadable', 'The stored inputs of this service could not be opened. Ask an administrator to check the root keys.', {
      cause: error,
    })
  }
}
