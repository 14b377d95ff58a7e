import type { NextRequest } from 'next/server'
import type { NextAuthOptions } from 'next-auth'
import { requestId } from '@/lib/context'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { clientHeader } from './client-address'
import { deviceCookie, deviceCookieAge } from './device-mark'
import { signInOptions, type SignInRequest } from './options'

/** Far above any form of next-auth's, far below what would hurt. */
const mostBytes = 64 * 1024

/**
 * Answers a request to next-auth's routes (/api/auth/...).
 * @param action the first part of the path after /api/auth/
 * @param answer next-auth itself, which answers with the options given
 */
export async function respond(request: NextRequest, action: string | undefined, answer: (options: NextAuthOptions) => Promise<Response>): Promise<Response> {
  // next-auth would let anybody write lines of their own into the log.
  if (action === '_log') return new Response(null, { status: 204 })
  if (request.method === 'POST' && !(Number(request.headers.get('content-length') ?? Number.NaN) <= mostBytes))
    return new Response('The request is too large.', { status: 413 })

  const secure = env().origin.startsWith('https://')
  const visit: SignInRequest = {
    db: db(),
    requestId: await requestId(),
    client: request.headers.get(clientHeader),
    deviceMark: request.cookies.get(deviceCookie)?.value,
    asked: request.cookies.get(`${secure ? '__Secure-' : ''}next-auth.callback-url`)?.value,
  }
  const response = await answer(signInOptions(visit))
  if (visit.newDeviceMark !== undefined)
    response.headers.append(
      'Set-Cookie',
      `${deviceCookie}=${visit.newDeviceMark}; Path=/api/auth; Max-Age=${deviceCookieAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
    )
  return response
}
