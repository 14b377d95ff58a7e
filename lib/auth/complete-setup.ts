import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { AppError } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { PersonName } from '@/lib/projects/name'
import { Email } from './email'
import { hashPassword } from './password'
import { NewPassword } from './password-policy'
import { sessionsAfter } from './session'
import { charge, linkLimits, refund } from './throttle'
import { digest } from './token'
import type { Visit } from './visit'

const goodFor = 24 * 60 * 60 * 1000

export const SetupInput = z.object({ token: z.string().max(200), email: Email, name: PersonName, password: NewPassword })

const spent = () => new AppError('not-found', 'This set-up link is not good any more. Start the server again for a new one, or sign in.')

/** A link that still works, and only while there is no admin. */
const open = (token: string, now: Date) => ({ id: 1, tokenHash: digest(token), usedAt: null, createdAt: { gt: new Date(now.getTime() - goodFor) } })

/**
 * Whether the set-up page should show its form.
 * @throws TooManyAttempts
 */
export async function readSetupLink(visit: Visit, { token }: { token: string }): Promise<boolean> {
  const charged = await charge(visit.db, linkLimits(visit.client))
  const link = await visit.db.setupLink.findFirst({ where: open(token, new Date()), select: { id: true } })
  if (link) await refund(visit.db, charged)
  return link !== null
}

/**
 * Makes the first admin of this server, once: of two tabs that race, one wins. The person then signs in.
 * Whoever holds the link started the server, so an existing account of that address becomes the admin, with this password.
 * @throws AppError invalid, not-found when the link is used, replaced or older than 24 hours, TooManyAttempts
 */
export async function completeSetup(visit: Visit, input: unknown): Promise<{ email: string }> {
  const { token, email, name, password } = parseInput(SetupInput, input)
  const charged = await charge(visit.db, linkLimits(visit.client))
  if (!(await visit.db.setupLink.findFirst({ where: open(token, new Date()), select: { id: true } }))) throw spent()
  const passwordHash = await hashPassword(password)
  await visit.db.$transaction(async (tx) => {
    const taken = await tx.setupLink.updateMany({ where: open(token, new Date()), data: { usedAt: new Date() } })
    if (taken.count !== 1 || (await tx.user.findFirst({ where: { serverAdmin: true }, select: { id: true } }))) throw spent()
    const rights = { name, passwordHash, serverAdmin: true, sessionsFrom: sessionsAfter() }
    const user = await tx.user.upsert({ where: { email }, create: { email, ...rights }, update: rights })
    await record(tx, { requestId: visit.requestId, actor: { email } }, { action: 'setup', target: user.id, details: { unattended: false } })
  })
  await refund(visit.db, charged)
  return { email }
}
