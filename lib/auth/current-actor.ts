import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getServerSession } from 'next-auth'
import { cache } from 'react'
import { db } from '@/lib/db/client'
import { AppError } from '@/lib/errors'
import type { Actor } from './actor'
import { sessionOptions } from './options'
import { pathHeader } from './path-header'
import { signInPath } from './return-path'
import { actorOf } from './session'

/** Who is signed in, looked up once for each request; null when nobody is. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const session = await getServerSession(sessionOptions())
  return session ? await actorOf(db(), session.token) : null
})

/**
 * Who is signed in. Otherwise a page leads to the sign-in page and back to itself.
 * @param path the page's own path and query; by default what proxy.ts noted
 * @throws AppError unauthenticated in a server action
 */
export async function requireActor(path?: string): Promise<Actor> {
  const actor = await currentActor()
  if (actor) return actor
  const sent = await headers()
  if (sent.has('next-action')) throw unauthenticated()
  redirect(signInPath(path ?? sent.get(pathHeader) ?? '/'))
}

export const unauthenticated = (): AppError => new AppError('unauthenticated', 'Sign in first.')
