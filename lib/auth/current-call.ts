import { headers } from 'next/headers'
import type { Call } from '@/lib/call'
import { requestId } from '@/lib/context'
import { db } from '@/lib/db/client'
import { clientHeader } from './client-address'
import { currentActor, requireActor, unauthenticated } from './current-actor'
import type { Visit } from './visit'

/**
 * The call of a server action or a route.
 * @throws AppError unauthenticated when nobody is signed in
 */
export async function currentCall(): Promise<Call> {
  const actor = await currentActor()
  if (!actor) throw unauthenticated()
  return { db: db(), actor, requestId: await requestId() }
}

/** The call of a page; leads to the sign-in page and back when nobody is signed in (see requireActor). */
export async function pageCall(path?: string): Promise<Call> {
  return { db: db(), actor: await requireActor(path), requestId: await requestId() }
}

/** A call by whoever is there, for verbs that need no sign-in: setting up, invitations. */
export async function currentVisit(): Promise<Visit> {
  const sent = await headers()
  return { db: db(), actor: await currentActor(), requestId: await requestId(), client: sent.get(clientHeader) }
}
