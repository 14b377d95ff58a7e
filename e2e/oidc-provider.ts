import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Provider from 'oidc-provider'

/** A certified OpenID provider on loopback, for tests. */

interface Account {
  sub: string
  email: string
  email_verified: boolean
  name: string
}

const people: readonly Account[] = [
  { sub: 'subject-alice', email: 'alice@example.com', email_verified: true, name: 'Alice Example' },
  { sub: 'subject-mallory', email: 'mallory@example.com', email_verified: false, name: 'Mallory Example' },
]

export interface TestProvider {
  issuer: string
  /** A confidential client. */
  clientId: string
  clientSecret: string
  /** A client without a secret; it lives by PKCE. */
  publicClientId: string
  /** From now on the log-in page submits itself as this person; null waits for a click on one of its buttons. */
  signInAs(email: string | null): void
  /** The queries of the authorization requests so far. */
  authorizations: URLSearchParams[]
  close(): Promise<void>
}

/**
 * Starts the provider on 127.0.0.1. It insists on PKCE and knows alice@example.com (verified) and mallory@example.com (not).
 * @param options.redirectUris Latchkey's callback, such as http://localhost:3000/api/auth/callback/oidc
 * @param options.claimsInIdToken puts the e-mail address in the ID token too, not only at the userinfo endpoint
 */
export async function startOidcProvider(options: { port: number; redirectUris: string[]; claimsInIdToken?: boolean }): Promise<TestProvider> {
  const authorizations: URLSearchParams[] = []
  let current: string | null = null
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end()
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clientSecret = randomBytes(24).toString('base64url')
  const client = { redirect_uris: options.redirectUris, response_types: ['code'], grant_types: ['authorization_code'] }

  const provider = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'latchkey', client_secret: clientSecret },
      { ...client, client_id: 'latchkey-public', token_endpoint_auth_method: 'none' },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: options.claimsInIdToken !== true,
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_: unknown, sub: string) => {
      const account = people.find((candidate) => candidate.sub === sub)
      return account ? { accountId: sub, claims: () => account } : undefined
    },
    interactions: { url: (_: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    loadExistingGrant: async ({ oidc }: import('oidc-provider').GrantContext) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  })

  const answer = provider.callback()
  handle = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    if (pathname === '/auth') authorizations.push(searchParams)
    // Every sign-in asks who it is, whoever came before in this browser.
    request.headers.cookie = (request.headers.cookie ?? '').split('; ').filter((cookie) => !cookie.startsWith('_session')).join('; ')
    if (!pathname.startsWith('/interaction/')) answer(request, response)
    else if (request.method === 'POST') void finish(provider, request, response)
    else response.setHeader('content-type', 'text/html; charset=utf-8').end(logInPage(pathname, current))
  }

  return {
    issuer,
    clientId: 'latchkey',
    clientSecret,
    publicClientId: 'latchkey-public',
    signInAs: (email) => {
      current = email
    },
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function finish(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const email = new URLSearchParams(await text(request)).get('email')
  const account = people.find((candidate) => candidate.email === email)
  if (account) await provider.interactionFinished(request, response, { login: { accountId: account.sub } })
  else response.writeHead(400).end('Nobody has that address.')
}

function logInPage(action: string, current: string | null): string {
  const form = ({ email, name }: Account) =>
    `<form method="post" action="${action}"><input type="hidden" name="email" value="${email}"><button>${name}</button></form>`
  const shown = people.filter(({ email }) => current === null || email === current)
  const submit = current === null ? '' : '<script>document.forms[0].submit()</script>'
  return `<!doctype html><html lang="en"><title>Test provider</title><h1>Who are you?</h1>${shown.map(form).join('')}${submit}</html>`
}
