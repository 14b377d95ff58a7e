import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { isUniqueViolation } from '@/lib/db/unique-violation'
import type { Tx } from '@/lib/db/client'
import { Email } from './email'
import type { SignInRefusal } from './sign-in-error'
import type { Visit } from './visit'

/** What a provider says of a person (OpenID Connect Core 1.0, section 5.1); next-auth has checked who says it and to whom. */
export const Claims = z.object({
  iss: z.string().min(1),
  sub: z.string().min(1).max(255),
  email: Email.optional().catch(undefined),
  /** Some providers send the text "true". */
  email_verified: z.union([z.boolean(), z.literal('true').transform(() => true)]).catch(false),
  name: z.string().max(200).optional().catch(undefined),
})
export type Claims = z.infer<typeof Claims>

type Found = { userId: string; email: string; how: 'known' | 'linked' | 'created' }
type Outcome = Found | { refused: SignInRefusal }

/**
 * Who signs in with an account at the OpenID provider.
 *
 * An account seen before, by issuer and subject, is its user whatever its e-mail says now. A new one is linked to the
 * user with its e-mail address, or makes a user, only when the provider vouches for the address (`email_verified`).
 * Linking takes the password and the sessions away that the user had: an inviter holds the link of the invitation and could
 * have opened it in the name of somebody else. Admins of the server keep theirs; no invitation makes one.
 * It makes a user where an open invitation for that address waits, or for anybody when `autoCreate`
 * (LATCHKEY_OIDC_AUTO_CREATE) is on; it is off by default, since the provider may be one where everybody has an account.
 * It never makes an admin, and makes nobody before the set-up has made the first admin.
 */
export async function signInWithOidc(visit: Omit<Visit, 'actor'>, claims: Claims, options: { autoCreate: boolean }): Promise<Outcome> {
  const attempt = () => visit.db.$transaction((tx) => decide(tx, visit, claims, options))
  try {
    return await attempt()
  } catch (error) {
    // Two tabs at once: the other one has made the user or the link by now.
    if (!isUniqueViolation(error)) throw error
    return await attempt()
  }
}

async function decide(tx: Tx, visit: Omit<Visit, 'actor'>, claims: Claims, options: { autoCreate: boolean }): Promise<Outcome> {
  const outcome = await resolve(tx, claims, options)
  const found = 'userId' in outcome
  await record(tx, { requestId: visit.requestId, actor: { email: found ? outcome.email : 'nobody' } }, {
    action: 'sign-in',
    outcome: found ? 'done' : 'denied',
    target: found ? outcome.userId : 'unknown account',
    details: { method: 'oidc', client: visit.client, ...(found ? { account: outcome.how } : { reason: outcome.refused }) },
  })
  return outcome
}

async function resolve(tx: Tx, { iss, sub, email, email_verified, name }: Claims, { autoCreate }: { autoCreate: boolean }): Promise<Outcome> {
  const known = await tx.externalAccount.findUnique({
    where: { issuer_subject: { issuer: iss, subject: sub } },
    select: { user: { select: { id: true, email: true } } },
  })
  if (known) return { userId: known.user.id, email: known.user.email, how: 'known' }
  if (email === undefined || !email_verified) return { refused: 'oidc-unverified' }

  const user = await tx.user.findUnique({ where: { email }, select: { id: true, serverAdmin: true, accounts: { where: { issuer: iss }, select: { subject: true } } } })
  if (user) {
    // The provider has given the address to somebody new.
    if (user.accounts.length > 0) return { refused: 'oidc-other-account' }
    await tx.externalAccount.create({ data: { issuer: iss, subject: sub, userId: user.id } })
    if (!user.serverAdmin) await tx.user.update({ where: { id: user.id }, data: { passwordHash: null, sessionsFrom: new Date() } })
    return { userId: user.id, email, how: 'linked' }
  }

  const admin = await tx.user.findFirst({ where: { serverAdmin: true }, select: { id: true } })
  if (!admin) return { refused: 'oidc-setup-first' }
  const invited = await tx.invitation.findFirst({
    where: { email, acceptedAt: null, revokedAt: null, expiresAt: { gt: new Date() } },
    select: { id: true },
  })
  if (!autoCreate && !invited) return { refused: 'oidc-unknown' }
  const made = await tx.user.create({
    data: { email, name: name ?? null, sessionsFrom: new Date(), accounts: { create: { issuer: iss, subject: sub } } },
    select: { id: true },
  })
  return { userId: made.id, email, how: 'created' }
}
