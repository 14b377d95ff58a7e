import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { NextApiRequest, NextApiResponse } from 'next'
import { NextRequest } from 'next/server'
import NextAuth, { type NextAuthOptions } from 'next-auth'
import { decode } from 'next-auth/jwt'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { forgetSettings } from '@/lib/env'
import { startOidcProvider, type TestProvider } from '../../e2e/oidc-provider'
import { authSecret } from './auth-secret'
import { stampClient } from './client-address'
import { hashPassword } from './password'
import { respond } from './respond'
import { stretchWaitsOf } from './testing'
import { actorOf, signInSessionCookie } from './session'

/** next-auth answers over real http; only Next's own wiring of route.ts is left to the browser tests. */

const password = 'correct horse battery'
const install = '/install?url=https%3A%2F%2Fexample.com%2Ft.yaml%3Fa%3D1%26b%3D2&x=1+2'
const dataDir = mkdtempSync(path.join(tmpdir(), 'respond '))
let fresh: FreshDatabase
let provider: TestProvider
let server: Server
let origin: string

beforeAll(async () => {
  fresh = await freshDatabase()
  server = createServer((request, response) => {
    stampClient(request, 0)
    void (async () => {
      const body = request.method === 'POST' ? await buffer(request) : null
      const headers = new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]))
      const asked = new NextRequest(new URL(request.url ?? '/', origin), { method: request.method ?? 'GET', headers, ...(body ? { body: new Uint8Array(body) } : {}) })
      const answer = await respond(asked, asked.nextUrl.pathname.split('/')[3], (options) => nextAuth(asked, options))
      response.writeHead(answer.status, [...answer.headers].flat()).end(Buffer.from(await answer.arrayBuffer()))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  provider = await startOidcProvider({ port: 0, redirectUris: [`${origin}/api/auth/callback/oidc`] })
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await provider.close()
  await fresh.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function settings(more: Record<string, string> = {}): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('LATCHKEY_OIDC')) delete process.env[name]
  Object.assign(process.env, {
    LATCHKEY_DATA: dataDir,
    LATCHKEY_URL: origin,
    LATCHKEY_LOG_LEVEL: 'silent',
    LATCHKEY_OIDC_ISSUER: provider.issuer,
    LATCHKEY_OIDC_CLIENT_ID: provider.clientId,
    LATCHKEY_OIDC_CLIENT_SECRET: provider.clientSecret,
    ...more,
  })
  forgetSettings()
}

beforeEach(async () => {
  settings()
  await fresh.db.user.deleteMany()
  await fresh.db.signInThrottle.deleteMany()
  await fresh.db.user.create({ data: { email: 'root@example.com', serverAdmin: true, sessionsFrom: new Date(0) } })
})

const stretchWaits = () => stretchWaitsOf(fresh.db)

const makeAlice = async () =>
  fresh.db.user.create({ data: { email: 'alice@example.com', passwordHash: await hashPassword(password), sessionsFrom: new Date(0) } })

/** next-auth by its door for Next's older routes: the one for route handlers needs Next around it. */
async function nextAuth(request: NextRequest, options: NextAuthOptions): Promise<Response> {
  const headers = new Headers()
  let status = 200
  let sent: BodyInit | null = null
  const response = {
    status: (code: number) => {
      status = code
      return response
    },
    getHeader: (name: string) => (name === 'Set-Cookie' ? headers.getSetCookie() : (headers.get(name) ?? undefined)),
    setHeader: (name: string, value: string | string[]) => {
      headers.delete(name)
      for (const item of [value].flat()) headers.append(name, item)
      return response
    },
    json: (body: unknown) => void (sent = JSON.stringify(body)),
    send: (body: unknown) => void (sent = typeof body === 'string' ? body : JSON.stringify(body)),
    end: () => undefined,
  }
  await NextAuth(
    older<NextApiRequest>({
      method: request.method,
      headers: Object.fromEntries(request.headers),
      cookies: Object.fromEntries(request.cookies.getAll().map(({ name, value }) => [name, value])),
      query: { ...Object.fromEntries(request.nextUrl.searchParams), nextauth: request.nextUrl.pathname.split('/').slice(3) },
      body: request.method === 'POST' ? Object.fromEntries(new URLSearchParams(await request.text())) : undefined,
    }),
    older<NextApiResponse>(response),
    options,
  )
  return new Response(sent, { status, headers })
}

/** The few parts of Next's older requests and responses that next-auth uses. */
const older = <Whole>(part: unknown): Whole => part as Whole

/** A browser as far as cookies and redirects go; it keeps to one host's cookies as browsers do. */
function browser() {
  const jars = new Map<string, Map<string, string>>()
  const lines: string[] = []
  async function go(address: string, form?: Record<string, string>): Promise<Response> {
    const { host } = new URL(address)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const response = await fetch(address, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      lines.push(line)
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined) continue
      if (!value || /max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  const post = async (path: string, form: Record<string, string>) => {
    const { csrfToken } = (await (await go(`${origin}/api/auth/csrf`)).json()) as { csrfToken: string }
    const answer = (await (await go(`${origin}/api/auth/${path}`, { ...form, csrfToken, json: 'true' })).json()) as { url: string }
    return answer.url
  }
  const session = () => jars.get(new URL(origin).host)?.get(signInSessionCookie(false))
  const carried = async () => decode({ token: session() ?? '', secret: authSecret() })
  return { go, post, session, carried, lines, jar: () => jars.get(new URL(origin).host) ?? new Map<string, string>() }
}

/** Follows the provider's pages from its authorization address back to Latchkey's last redirect. */
async function throughProvider(tab: ReturnType<typeof browser>, address: string, email: string): Promise<string> {
  let next = address
  for (let step = 0; step < 12; step++) {
    const interaction = new URL(next).pathname.startsWith('/interaction/')
    const response = await tab.go(next, interaction ? { email } : undefined)
    const location = response.headers.get('location')
    if (location === null) throw new Error(`No way on from ${new URL(next).pathname}: ${response.status}`)
    const from = new URL(next)
    next = new URL(location, next).href
    if (from.origin === origin && new URL(next).origin === origin && !new URL(next).pathname.startsWith('/api/auth/')) return next
  }
  throw new Error('The sign-in never ended.')
}

const signInThrough = async (tab: ReturnType<typeof browser>, email: string, callbackUrl = '/') =>
  throughProvider(tab, await tab.post('signin/oidc', { callbackUrl }), email)

describe('signing in with a password', () => {
  test('begins a session and leads back to the page asked for, its query untouched', async () => {
    const alice = await makeAlice()
    const tab = browser()
    expect(await tab.post('callback/credentials', { email: 'Alice@example.com', password, callbackUrl: install })).toBe(origin + install)
    const carried = await tab.carried()
    expect(carried?.sub).toBe(alice.id)
    expect(Object.keys(carried ?? {}).sort()).toEqual(['exp', 'iat', 'jti', 'sid', 'since', 'sub'])
    const shown = (await (await tab.go(`${origin}/api/auth/session`)).json()) as unknown
    expect(shown).toEqual({ expires: expect.any(String) as string, actor: { userId: alice.id, email: 'alice@example.com', serverAdmin: false } })
  })

  test('leads nowhere else, whatever is asked for', async () => {
    await makeAlice()
    for (const callbackUrl of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const url = await browser().post('callback/credentials', { email: 'alice@example.com', password, callbackUrl }).catch(() => origin)
      expect(new URL(url).origin).toBe(origin)
    }
  })

  test('keeps its cookies from scripts and other sites', async () => {
    await makeAlice()
    const tab = browser()
    await tab.post('callback/credentials', { email: 'alice@example.com', password, callbackUrl: '/' })
    expect(tab.lines.length).toBeGreaterThan(3)
    for (const line of tab.lines) {
      expect(line).toMatch(/; HttpOnly/i)
      expect(line).toMatch(/; SameSite=Lax/i)
      expect(line).not.toMatch(/; Secure/i)
    }
    settings({ LATCHKEY_URL: 'https://latchkey.example' })
    const secure = await fetch(`${origin}/api/auth/csrf`)
    expect(secure.headers.getSetCookie().length).toBeGreaterThan(0)
    for (const line of secure.headers.getSetCookie()) expect(line).toMatch(/^__(Host|Secure)-.*; Secure/i)
  })

  test('says no, and says how long to wait, in the address alone', async () => {
    await makeAlice()
    const tab = browser()
    const attempt = (secret: string) => tab.post('callback/credentials', { email: 'alice@example.com', password: secret, callbackUrl: '/' })
    for (let count = 0; count < 5; count++) expect(new URL(await attempt('canary')).searchParams.get('error')).toBe('CredentialsSignin')
    await stretchWaits()
    const slowed = await attempt(password)
    expect(new URL(slowed).searchParams.get('error')).toMatch(/^wait-\d\d$/)
    expect(slowed).not.toContain('canary')
    expect(tab.session()).toBeUndefined()
  })

  test('marks the browser, which strangers then cannot slow down', async () => {
    await makeAlice()
    const tab = browser()
    const form = { email: 'alice@example.com', password, callbackUrl: '/' }
    await tab.post('callback/credentials', form)
    expect(tab.jar().get('latchkey.device')).toBeDefined()
    for (let count = 0; count < 5; count++) await browser().post('callback/credentials', { ...form, password: 'guess' })
    await stretchWaits()
    expect(await browser().post('callback/credentials', form)).toContain('wait-')
    expect(await tab.post('callback/credentials', form)).toBe(`${origin}/`)
  })

  test('needs the anti-forgery token', async () => {
    await makeAlice()
    const tab = browser()
    await tab.go(`${origin}/api/auth/csrf`)
    await tab.go(`${origin}/api/auth/callback/credentials`, { email: 'alice@example.com', password, csrfToken: 'forged' })
    expect(tab.session()).toBeUndefined()
  })
})

describe('signing out', () => {
  test('ends the session for the cookie’s copies too', async () => {
    await makeAlice()
    const tab = browser()
    await tab.post('callback/credentials', { email: 'alice@example.com', password, callbackUrl: '/' })
    const copy = await tab.carried()
    expect(await actorOf(fresh.db, copy)).not.toBeNull()
    expect(await tab.post('signout', { callbackUrl: '/sign-in' })).toBe(`${origin}/sign-in`)
    expect(tab.session()).toBeUndefined()
    expect(await actorOf(fresh.db, copy)).toBeNull()
    expect(await fresh.db.auditEvent.findFirst({ orderBy: { id: 'desc' } })).toMatchObject({ action: 'sign-out', actor: 'alice@example.com' })
  })

  test('takes the cookie of an ended session away', async () => {
    await makeAlice()
    const tab = browser()
    await tab.post('callback/credentials', { email: 'alice@example.com', password, callbackUrl: '/' })
    await fresh.db.user.updateMany({ data: { sessionsFrom: new Date(Date.now() + 1000) } })
    expect(await (await tab.go(`${origin}/api/auth/session`)).json()).toEqual({})
    expect(tab.session()).toBeUndefined()
  })
})

describe('signing in at the OpenID provider', () => {
  test('asks with PKCE, state and nonce, links a verified address and leads back to the page asked for', async () => {
    const alice = await makeAlice()
    const tab = browser()
    expect(await signInThrough(tab, 'alice@example.com', install)).toBe(origin + install)
    expect((await tab.carried())?.sub).toBe(alice.id)
    const asked = provider.authorizations.at(-1)
    expect(asked?.get('code_challenge_method')).toBe('S256')
    for (const name of ['code_challenge', 'state', 'nonce']) expect(asked?.get(name)?.length).toBeGreaterThan(20)
    const again = browser()
    await signInThrough(again, 'alice@example.com')
    expect((await again.carried())?.sub).toBe(alice.id)
  })

  test('works for a client without a secret', async () => {
    const alice = await makeAlice()
    settings({ LATCHKEY_OIDC_CLIENT_ID: provider.publicClientId, LATCHKEY_OIDC_CLIENT_SECRET: '' })
    const tab = browser()
    await signInThrough(tab, 'alice@example.com')
    expect((await tab.carried())?.sub).toBe(alice.id)
  })

  test('reads the address from the ID token where the provider puts it there', async () => {
    const alice = await makeAlice()
    const other = await startOidcProvider({ port: 0, redirectUris: [`${origin}/api/auth/callback/oidc`], claimsInIdToken: true })
    settings({ LATCHKEY_OIDC_ISSUER: other.issuer, LATCHKEY_OIDC_CLIENT_SECRET: other.clientSecret })
    const tab = browser()
    await signInThrough(tab, 'alice@example.com')
    expect((await tab.carried())?.sub).toBe(alice.id)
    await other.close()
  })

  test('lets nobody in by an address that is not verified, and says so on the sign-in page, which still knows the way', async () => {
    await fresh.db.user.create({ data: { email: 'mallory@example.com' } })
    const tab = browser()
    const end = new URL(await signInThrough(tab, 'mallory@example.com', install))
    expect(end.pathname).toBe('/sign-in')
    expect(end.searchParams.get('error')).toBe('oidc-unverified')
    expect(end.searchParams.get('callbackUrl')).toBe(install)
    expect(tab.session()).toBeUndefined()
    await makeAlice()
    expect(await signInThrough(tab, 'alice@example.com', install)).toBe(origin + install)
  })

  test('lets strangers in only where the server says so, and never as admins', async () => {
    const tab = browser()
    expect(new URL(await signInThrough(tab, 'alice@example.com')).searchParams.get('error')).toBe('oidc-unknown')
    settings({ LATCHKEY_OIDC_AUTO_CREATE: '1' })
    await signInThrough(tab, 'alice@example.com')
    expect(await actorOf(fresh.db, await tab.carried())).toMatchObject({ email: 'alice@example.com', serverAdmin: false })
  })

  test('ends in another browser than the one it began in', async () => {
    await makeAlice()
    const victim = browser()
    const address = await browser().post('signin/oidc', { callbackUrl: '/' })
    const end = await throughProvider(victim, address, 'alice@example.com')
    expect(new URL(end).searchParams.get('error')).toBe('OAuthCallback')
    expect(victim.session()).toBeUndefined()
  })

  test('says so when the provider cannot be reached', async () => {
    settings({ LATCHKEY_OIDC_ISSUER: 'http://127.0.0.1:9' })
    expect(new URL(await browser().post('signin/oidc', { callbackUrl: '/' })).searchParams.get('error')).toBe('OAuthSignin')
  })
})

describe('the routes', () => {
  test('let nobody write into the log, and take no large bodies', async () => {
    expect((await fetch(`${origin}/api/auth/_log`, { method: 'POST', body: new URLSearchParams({ level: 'error', code: 'x' }) })).status).toBe(204)
    const large = await fetch(`${origin}/api/auth/callback/credentials`, { method: 'POST', body: 'x'.repeat(70_000) })
    expect(large.status).toBe(413)
  })
})
