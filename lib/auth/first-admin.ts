import { record } from '@/lib/audit/record'
import { db as database, type Database } from '@/lib/db/client'
import { env, SettingsError, type Settings } from '@/lib/env'
import { Email } from './email'
import { hashPassword } from './password'
import { NewPassword } from './password-policy'
import { sessionsAfter } from './session'
import { digest, newToken } from './token'

/** How the server stands about its first admin. `link` is for the person who started the server, and for nobody else. */
export type FirstAdmin = { kind: 'exists' } | { kind: 'made'; email: string } | { kind: 'link'; link: string }

type SetupSettings = Pick<Settings, 'LATCHKEY_ADMIN_EMAIL' | 'LATCHKEY_ADMIN_PASSWORD' | 'origin'>

/** Audit rows of what the server does at its start. */
const starting = { requestId: 'start', actor: { email: 'server' } }

/**
 * For the start of the server: while there is no admin, makes the one that LATCHKEY_ADMIN_EMAIL and LATCHKEY_ADMIN_PASSWORD
 * describe, or else a new one-time set-up link, good for 24 hours, in the place of any earlier one.
 * Once there is an admin it does nothing, whatever the variables say.
 * @throws SettingsError naming the variable that is missing or unfit, without its value
 */
export async function ensureFirstAdmin(db: Database = database(), settings: SetupSettings = env()): Promise<FirstAdmin> {
  const admin = await db.user.findFirst({ where: { serverAdmin: true }, select: { id: true } })
  if (admin) {
    await db.setupLink.deleteMany({ where: { usedAt: null } })
    return { kind: 'exists' }
  }
  const { LATCHKEY_ADMIN_EMAIL: givenEmail, LATCHKEY_ADMIN_PASSWORD: givenPassword } = settings
  if (givenEmail === undefined && givenPassword === undefined) return { kind: 'link', link: await newLink(db, settings.origin) }

  const email = Email.safeParse(givenEmail)
  if (!email.success) throw new SettingsError('LATCHKEY_ADMIN_EMAIL is not an e-mail address; it goes together with LATCHKEY_ADMIN_PASSWORD.')
  const password = NewPassword.safeParse(givenPassword)
  if (!password.success)
    throw new SettingsError(`LATCHKEY_ADMIN_PASSWORD does not fit: ${password.error.issues[0]?.message ?? ''} It goes together with LATCHKEY_ADMIN_EMAIL.`)
  const passwordHash = await hashPassword(password.data)
  await db.$transaction(async (tx) => {
    const rights = { passwordHash, serverAdmin: true, sessionsFrom: sessionsAfter() }
    const user = await tx.user.upsert({ where: { email: email.data }, create: { email: email.data, ...rights }, update: rights })
    await tx.setupLink.deleteMany({})
    await record(tx, starting, { action: 'setup', target: user.id, details: { unattended: true } })
  })
  return { kind: 'made', email: email.data }
}

async function newLink(db: Database, origin: string): Promise<string> {
  const token = newToken()
  const link = { tokenHash: digest(token), createdAt: new Date(), usedAt: null }
  await db.setupLink.upsert({ where: { id: 1 }, create: link, update: link })
  return `${origin}/setup?token=${token}`
}
