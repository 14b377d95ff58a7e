import { NextResponse, type NextRequest } from 'next/server'
import { pathHeader } from '@/lib/auth/path-header'
import { contentSecurityPolicy } from '@/lib/content-security-policy'
import { env } from '@/lib/env'

const HALF_YEAR_S = 15_552_000

/** What each answer but a static file gets of its own: a policy with a fresh nonce, no caching, and the page's path for sign-in. */
export function proxy(request: NextRequest): NextResponse {
  const settings = env()
  const secure = settings.origin.startsWith('https://')
  const issuer = settings.LATCHKEY_OIDC_ISSUER
  const policy = contentSecurityPolicy(btoa(crypto.randomUUID()), {
    secure,
    development: settings.NODE_ENV === 'development',
    formTargets: issuer === undefined ? [] : [new URL(issuer).origin],
  })
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy) // Next takes the nonce for its own scripts from here
  headers.set(pathHeader, request.nextUrl.pathname + request.nextUrl.search)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('cache-control', 'no-store')
  if (secure) response.headers.set('strict-transport-security', `max-age=${String(HALF_YEAR_S)}`)
  return response
}

export const config = { matcher: '/((?!_next/static|_next/image|icon.svg|favicon.ico).*)' }
