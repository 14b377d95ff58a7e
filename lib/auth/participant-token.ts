import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Keyring } from '@/lib/crypto/keyring'
import type { Database, Tx } from '@/lib/db/client'
import { agentDefaultScope, userDefaultScope, type ApiScope } from './api-scope'

/** The SDK version whose token form this is; clients read it to choose their defaults. */
const TOKEN_VERSION = '0.39.9'
const SERVER_SCOPE = 'server'

/** What a participant token says. */
export interface TokenRequest {
  projectId: string
  roomName: string
  identity: string
  role: 'user' | 'agent' | 'tool' | null
  /** Null: the default of the role. */
  api: ApiScope | null
}

const keyContext = (id: string): string => JSON.stringify(['latchkey/api-key/v1', id])
const RUNTIME_KEY_NAME = 'latchkey-runtime'

/** The project's key for tokens of its services, made when first needed. */
async function signingKey(db: Database | Tx, keyring: Keyring, projectId: string): Promise<{ id: string; secret: string }> {
  const found = await db.apiKey.findFirst({
    where: { projectId, name: RUNTIME_KEY_NAME, revokedAt: null },
    orderBy: { createdAt: 'asc' },
  })
  if (found) return { id: found.id, secret: (await keyring.open(db, SERVER_SCOPE, found.sealed, keyContext(found.id))).toString('utf8') }
  const id = crypto.randomUUID()
  const secret = randomBytes(32).toString('base64url')
  const sealed = await keyring.seal(db, SERVER_SCOPE, Buffer.from(secret, 'utf8'), keyContext(id))
  await db.apiKey.create({ data: { id, projectId, name: RUNTIME_KEY_NAME, sealed: new Uint8Array(sealed), createdBy: 'latchkey' } })
  return { id, secret }
}

/**
 * A participant token: JWT, HS256, with the key's id as the claim `kid` and grants for room, role and api.
 * Services keep running, so it does not expire; it ends with its key.
 */
export async function mintParticipantToken(db: Database | Tx, keyring: Keyring, request: TokenRequest): Promise<string> {
  const key = await signingKey(db, keyring, request.projectId)
  const grants = [
    { name: 'room', scope: request.roomName },
    ...(request.role === null || request.role === 'user' ? [] : [{ name: 'role', scope: request.role }]),
    { name: 'api', scope: request.api ?? (request.role === 'user' ? userDefaultScope : agentDefaultScope) },
  ]
  return new SignJWT({ name: request.identity, grants, sub: request.projectId, kid: key.id, version: TOKEN_VERSION })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(key.secret))
}
