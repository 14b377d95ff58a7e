import { expect, test, type Page } from '@playwright/test'
import { startOidcProvider, type TestProvider } from './oidc-provider'
import { freePort, invite, makeRoom, showOutput, signIn, signOut, startLatchkey, type Latchkey } from './latchkey'

/** Single sign-on in a real browser, through a real OpenID provider. */

const installLink = '/install?url=http%3A%2F%2F127.0.0.1%3A9%2Fa.yaml%3Fx%3D1%26y%3D2'

let server: Latchkey
let provider: TestProvider
test.beforeAll(async () => {
  test.setTimeout(180_000)
  const port = await freePort()
  provider = await startOidcProvider({ port: 0, redirectUris: [`http://localhost:${String(port)}/api/auth/callback/oidc`] })
  server = await startLatchkey({ port, env: settingsOf(provider) })
})
test.afterAll(async () => {
  await server.remove()
  await provider.close()
})
test.beforeEach(({ page }) => page.context().clearCookies())
test.afterEach(({}, info) => showOutput(server, info))

const settingsOf = ({ issuer, clientId, clientSecret }: TestProvider) => ({
  LATCHKEY_OIDC_ISSUER: issuer,
  LATCHKEY_OIDC_CLIENT_ID: clientId,
  LATCHKEY_OIDC_CLIENT_SECRET: clientSecret,
  LATCHKEY_OIDC_NAME: 'Example Login',
})

async function arrive(page: Page, path: string, email: string): Promise<void> {
  provider.signInAs(email)
  await page.goto(`${server.url}${path}`)
  await page.getByRole('button', { name: 'Continue with Example Login' }).click()
}

test('somebody whom the provider does not vouch for is refused, and told why', async ({ page }) => {
  await arrive(page, '/', 'mallory@example.com')
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveText(/^Your provider does not say that it has verified your e-mail address/)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  await page.goto(`${server.url}/account`)
  await expect(page.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()
})

test('somebody nobody invited is refused; with an invitation, signing in leads on to the install link asked for', async ({ page, browser }) => {
  await arrive(page, '/', 'alice@example.com')
  await expect(page.getByText('Nobody with your e-mail address has access here. Ask for an invitation.')).toBeVisible()

  const host = await browser.newContext()
  const admins = await host.newPage()
  await signIn(admins, server.url)
  const { room } = await makeRoom(admins, server.url, { project: 'Garden', room: 'Shed' })
  const invitation = await invite(admins, `${server.url}${room}/people`, 'alice@example.com')
  await host.close()

  const before = provider.authorizations.length
  await arrive(page, installLink, 'alice@example.com')
  await expect(page).toHaveURL(`${server.url}${installLink}`)
  await expect(page.getByText(/not at a public address/)).toBeVisible()
  await page.locator('summary[aria-label=Menu]').click()
  await expect(page.getByText('alice@example.com').first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'Admin' })).toHaveCount(0)

  const asked = provider.authorizations.slice(before)
  expect(asked).toHaveLength(1)
  const [query] = asked
  expect(query?.get('response_type')).toBe('code')
  expect(query?.get('code_challenge_method')).toBe('S256')
  for (const name of ['code_challenge', 'state', 'nonce']) expect(query?.get(name)?.length, name).toBeGreaterThan(20)
  expect(query?.get('redirect_uri')).toBe(`${server.url}/api/auth/callback/oidc`)

  await page.goto(invitation)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await expect(page.getByRole('heading', { name: 'Shed', exact: true })).toBeVisible()

  await signOut(page)
  await page.goto(`${server.url}/`)
  await expect(page.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()

  await arrive(page, '/account', 'alice@example.com')
  await expect(page.getByText('You are signed in as alice@example.com.')).toBeVisible()
  const used = provider.authorizations.slice(before)
  for (const name of ['code_challenge', 'state', 'nonce']) expect(new Set(used.map((one) => one.get(name))).size, name).toBe(2)
})

test('an answer of the provider that this browser did not ask for signs nobody in', async ({ page }) => {
  await page.goto(`${server.url}/api/auth/callback/oidc?code=made-up&state=made-up`)
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  await expect(page.getByText('The sign-in at your provider did not finish. Try again.')).toBeVisible()
})

test('where accounts are made by themselves, a verified person needs no invitation, and a public client no secret', async ({ page }) => {
  test.setTimeout(240_000)
  const port = await freePort()
  const open = await startOidcProvider({ port: 0, redirectUris: [`http://localhost:${String(port)}/api/auth/callback/oidc`] })
  const own = await startLatchkey({ port, env: { ...settingsOf(open), LATCHKEY_OIDC_CLIENT_ID: open.publicClientId, LATCHKEY_OIDC_CLIENT_SECRET: '', LATCHKEY_OIDC_AUTO_CREATE: '1' } })
  try {
    for (const [email, seen] of [['mallory@example.com', /has verified your e-mail address/], ['alice@example.com', /not at a public address/]] as const) {
      open.signInAs(email)
      await page.goto(`${own.url}${installLink}`)
      await page.getByRole('button', { name: 'Continue with Example Login' }).click()
      await expect(page.getByText(seen)).toBeVisible()
    }
    await expect(page).toHaveURL(`${own.url}${installLink}`)
  } finally {
    await own.remove()
    await open.close()
  }
})
