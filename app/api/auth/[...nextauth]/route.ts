import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { clientHeader } from '@/lib/auth/client-address'
import { deviceCookie, deviceCookieAge } from '@/lib/auth/device-mark'
import { signInOptions, type SignInRequest } from '@/lib/auth/options'
import { requestId } from '@/lib/context'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'

/** Far above any form of next-auth's, far below what would hurt. */
const mostBytes = 64 * 1024

type Context = { params: Promise<{ nextauth: string[] }> }

async function respond(request: NextRequest, context: Context): Promise<Response> {
  const [action] = (await context.params).nextauth
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
  const response: Response = await NextAuth(request, context, signInOptions(visit))
  if (visit.newDeviceMark !== undefined)
    response.headers.append(
      'Set-Cookie',
      `${deviceCookie}=${visit.newDeviceMark}; Path=/api/auth; Max-Age=${deviceCookieAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
    )
  return response
}

export { respond as GET, respond as POST }
