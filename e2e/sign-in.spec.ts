import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { admin, showOutput, signIn, signOut, startLatchkey, type Latchkey } from './latchkey'

/** Getting in with a password, staying in, and getting out, in real browsers. */

const wrong = 'The e-mail address or the password is not right.'
const slowed = /Too many failed attempts\. Try again in/

let server: Latchkey
const contexts: BrowserContext[] = []
test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await startLatchkey()
})
test.afterAll(() => server.remove())
test.afterEach(async ({}, info) => {
  await showOutput(server, info)
  for (const context of contexts.splice(0)) await context.close()
})

/** A browser of somebody else, or of the same person on another machine. */
async function otherBrowser(page: Page): Promise<Page> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('the page has no browser')
  const context = await browser.newContext()
  contexts.push(context)
  return await context.newPage()
}

async function attempt(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  const answered = page.waitForResponse((response) => response.url().includes('/api/auth/callback/credentials'))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await answered
}

const expectSignedOut = async (page: Page): Promise<void> => {
  await page.goto(`${server.url}/account`)
  await expect(page).toHaveURL(`${server.url}/sign-in?callbackUrl=${encodeURIComponent('/account')}`)
}

test('the set-up link that the server prints makes the first admin, once', async ({ page }) => {
  test.setTimeout(240_000)
  const fresh = await startLatchkey({ firstAdmin: false })
  try {
    const link = /\S+\/setup\?token=\S+/.exec(fresh.output())?.[0] ?? 'no link'
    const fill = async (tab: Page, email: string, again = admin.password) => {
      await tab.getByLabel('E-mail').fill(email)
      await tab.getByLabel('Your name').fill('First Person')
      await tab.getByLabel('Password', { exact: true }).fill(admin.password)
      await tab.getByLabel('Password again').fill(again)
      await tab.getByRole('button', { name: 'Create admin account' }).click()
    }
    const late = await otherBrowser(page)
    await late.goto(link)
    await page.goto(link)
    await fill(page, admin.email, 'something else')
    await expect(page.getByText('The two passwords are not the same.')).toBeVisible()
    await fill(page, admin.email)
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Admin' })).toBeVisible()

    await fill(late, 'second@example.com')
    await expect(late.getByRole('alert').getByText(/not good any more/)).toBeVisible()
    await late.goto(link)
    await expect(late.getByText(/set-up link is not good any more/)).toBeVisible()
    await expect(late.getByRole('button', { name: 'Create admin account' })).toHaveCount(0)
    await signIn(late, fresh.url)
  } finally {
    await fresh.remove()
  }
})

test('a refusal does not tell an unknown address from a wrong password', async ({ page }) => {
  const answers: string[] = []
  for (const email of [admin.email, 'nobody@example.com']) {
    await page.goto(`${server.url}/sign-in`)
    await attempt(page, email, 'not the password')
    const alert = page.getByRole('alert').filter({ hasText: /\S/ })
    await expect(alert).toHaveText(wrong)
    await expect(page.getByLabel('E-mail')).toHaveValue(email)
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('')
    expect(page.url()).toBe(`${server.url}/sign-in`)
    answers.push((await page.locator('main').innerText()).trim())
  }
  expect(answers[1]).toBe(answers[0])
})

test('repeated failures wait ever longer; the right password is let in after the wait, a known browser at once', async ({ page }) => {
  const known = await otherBrowser(page)
  await signIn(known, server.url)
  await signOut(known)

  await page.goto(`${server.url}/sign-in`)
  let tried = 0
  for (; tried < 12; tried++) {
    await attempt(page, admin.email, 'not the password')
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveText(new RegExp(`${wrong}|${slowed.source}`))
    if (await page.getByText(slowed).isVisible()) break
  }
  expect(tried).toBeGreaterThanOrEqual(4)
  await expect(page.getByText(slowed)).toBeVisible()
  await attempt(known, admin.email, admin.password)
  await expect(known.getByRole('heading', { name: 'Projects' })).toBeVisible()

  await expect(async () => {
    await attempt(page, admin.email, admin.password)
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 60_000, intervals: [1_000] })
})

test('an install link opened while signed out is gone on with after signing in', async ({ page }) => {
  const asked = `${server.url}/install?url=${encodeURIComponent('http://127.0.0.1:9/a template.yaml?x=1&y=%26')}&room=somewhere`
  await page.goto(asked)
  await expect(page.getByText('You opened an install link.')).toBeVisible()
  await attempt(page, admin.email, 'not the password')
  await expect(page.getByText(wrong)).toBeVisible()
  await attempt(page, admin.email, admin.password)
  await page.waitForURL(`${server.url}/install?**`)
  const query = (address: string) => [...new URL(address).searchParams]
  expect(query(page.url())).toEqual(query(asked))
  await expect(page.getByText(/not at a public address/)).toBeVisible()
})

test('signing out ends the session, for copies of its cookie too', async ({ page }) => {
  await signIn(page, server.url)
  const cookies = await page.context().cookies()
  const thief = await otherBrowser(page)
  await thief.context().addCookies(cookies)
  await thief.goto(`${server.url}/account`)
  await expect(thief.getByRole('heading', { name: 'Your account' })).toBeVisible()

  await signOut(page)
  await expectSignedOut(page)
  await page.goBack()
  await expect(page.getByText(admin.email)).toHaveCount(0)
  await thief.context().clearCookies()
  await thief.context().addCookies(cookies)
  await expectSignedOut(thief)
})

test('signing out everywhere ends the session of another browser', async ({ page }) => {
  const elsewhere = await otherBrowser(page)
  await signIn(elsewhere, server.url)
  await signIn(page, server.url)
  await page.goto(`${server.url}/account`)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page).toHaveURL(`${server.url}/sign-in`)
  await expectSignedOut(elsewhere)
  await expectSignedOut(page)
})

test('a new password needs the present one, replaces it, and ends all other sessions', async ({ page }) => {
  const next = 'quite another password'
  const change = async (from: string, to: string) => {
    await page.getByLabel('Present password').fill(from)
    await page.getByLabel('New password', { exact: true }).fill(to)
    await page.getByLabel('New password again').fill(to)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  const elsewhere = await otherBrowser(page)
  await signIn(elsewhere, server.url)
  await signIn(page, server.url)
  await page.goto(`${server.url}/account`)
  await change('not the password', next)
  await expect(page.getByText('This is not your password.')).toBeVisible()
  await expect(page.getByLabel('Present password')).toBeFocused()
  await change(admin.password, 'short')
  await expect(page.getByLabel('New password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await change(admin.password, next)
  await expect(page.getByText('Your password is changed.')).toBeVisible()
  await expectSignedOut(elsewhere)
  await elsewhere.goto(`${server.url}/sign-in`)
  await attempt(elsewhere, admin.email, admin.password)
  await expect(elsewhere.getByText(wrong)).toBeVisible()
  await signIn(elsewhere, server.url, { email: admin.email, password: next })

  await page.reload()
  await change(next, admin.password)
  await expect(page.getByText('Your password is changed.')).toBeVisible()
})

test('no address of another site is gone to after signing in', async ({ page }) => {
  const places = ['https://evil.example/', '//evil.example/x', '/\\evil.example', '/\t/evil.example', `${server.url}.evil.example/`, `${server.url}@evil.example/`, 'javascript:alert(1)']
  for (const place of places) {
    await page.context().clearCookies()
    await page.goto(`${server.url}/sign-in?callbackUrl=${encodeURIComponent(place)}`)
    await attempt(page, admin.email, admin.password)
    await expect(page, place).toHaveURL(`${server.url}/`)

    const signedIn = await page.request.get(`${server.url}/sign-in?callbackUrl=${encodeURIComponent(place)}`, { maxRedirects: 0 })
    expect(signedIn.headers()['location'], place).toBe('/')
    const { csrfToken } = (await (await page.request.get(`${server.url}/api/auth/csrf`)).json()) as { csrfToken: string }
    const direct = await page.request.post(`${server.url}/api/auth/callback/credentials`, {
      form: { email: admin.email, password: admin.password, csrfToken, callbackUrl: place, json: 'true' },
    })
    const { url } = (await direct.json()) as { url: string }
    expect(new URL(url, server.url).origin, place).toBe(server.url)
  }
})
