import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Database } from '@/lib/db/client'
import type { Actor } from './actor'

/** Seconds from signing in to having to sign in again, however busy the session is. */
export const sessionAge = 14 * 24 * 60 * 60

/** The name of next-auth's session cookie. */
export const signInSessionCookie = (secure: boolean): string => `${secure ? '__Secure-' : ''}next-auth.session-token`

/** All that a session cookie carries. Roles are looked up for each request. */
const SessionToken = z.object({
  /** The person. */
  sub: z.uuid(),
  /** This session. */
  sid: z.uuid(),
  /** When they signed in, in milliseconds. */
  since: z.number().int(),
})
export type SessionToken = z.infer<typeof SessionToken>

/** What a new session's cookie carries. */
export const startSession = (userId: string, now = new Date()): SessionToken => ({ sub: userId, sid: randomUUID(), since: now.getTime() })

/** The person whose session it is, or null when it is too old, signed out, or the person is gone. */
export async function actorOf(db: Database, token: unknown, now = new Date()): Promise<Actor | null> {
  const session = open(token, now)
  if (!session) return null
  const [user, signedOut] = await Promise.all([
    db.user.findUnique({ where: { id: session.sub }, select: { id: true, email: true, serverAdmin: true, sessionsFrom: true } }),
    db.signedOutSession.findUnique({ where: { id: session.sid }, select: { id: true } }),
  ])
  if (!user || signedOut || session.since < user.sessionsFrom.getTime()) return null
  return { userId: user.id, email: user.email, serverAdmin: user.serverAdmin }
}

function open(token: unknown, now: Date): SessionToken | null {
  const parsed = SessionToken.safeParse(token)
  return parsed.success && now.getTime() - parsed.data.since < sessionAge * 1000 ? parsed.data : null
}

/** Ends one session on the server, so that a copy of its cookie is no good either. */
export async function endSession(db: Database, token: unknown, now = new Date()): Promise<void> {
  const session = open(token, now)
  if (!session) return
  const expiresAt = new Date(session.since + sessionAge * 1000)
  await db.signedOutSession.createMany({ data: [{ id: session.sid, expiresAt }], skipDuplicates: true })
  await db.signedOutSession.deleteMany({ where: { expiresAt: { lt: now } } })
}

/** The first moment whose sessions count again, once all those up to `now` are ended. */
export const sessionsAfter = (now = new Date()): Date => new Date(now.getTime() + 1)
