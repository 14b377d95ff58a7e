import { randomUUID } from 'node:crypto'
import { expect, test, type APIRequestContext, type Browser, type Page, type Request } from '@playwright/test'
import { install, invite, join, makeRoom, showOutput, signIn, startLatchkey, type Latchkey } from './latchkey'

/** Who sees what and who may do what, through the pages and past them. */

const service = `version: v1
kind: ServiceTemplate
metadata:
  name: Beacon
  annotations: {meshagent.service.id: beacon}
variables:
  - name: token
    title: Token
    obscure: true
    annotations: {meshagent.secret.id: beacon-token, meshagent.secret.identity: beacon}
container:
  image: example.test/beacon:1
  command: /bin/sh -c "echo shining; exec sleep infinity"
  environment:
    - name: TOKEN
      secret: {identity: beacon, id: beacon-token}
`

let server: Latchkey
let place: { project: string; room: string; roomId: string }
let installation: string
let bobsLink: string
/** The admin of everything, a member of the room, and a member of another project. */
let host: Page, bob: Page, stranger: Page

const newPage = async (browser: Browser): Promise<Page> => await (await browser.newContext()).newPage()

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000)
  server = await startLatchkey()
  ;[host, bob, stranger] = await Promise.all([newPage(browser), newPage(browser), newPage(browser)])
  await signIn(host, server.url)
  const elsewhere = await makeRoom(host, server.url, { project: 'Elsewhere', room: 'Attic' })
  await join(stranger, await invite(host, `${server.url}${elsewhere.room}/people`, 'carol@example.com'), 'Carol Stranger')
  place = await makeRoom(host, server.url, { project: 'Garden', room: 'Shed' })
  bobsLink = await invite(host, `${server.url}${place.room}/people`, 'bob@example.com')
  await install(host, server.url, place.roomId, service, { Token: 'a token of the beacon' })
  installation = new URL(host.url()).pathname.split('/s/')[1] ?? ''
  await join(bob, bobsLink, 'Bob Member')
})
test.afterAll(async () => {
  for (const page of [host, bob, stranger]) await page.context().close()
  await server.remove()
})
test.afterEach(({}, info) => showOutput(server, info))

const at = (path: string): string => `${server.url}${path}`
const textOf = async (page: Page): Promise<string> => (await page.locator('main').innerText()).trim()

test('an invitation leads into its room, and works once', async ({ page }) => {
  await expect(bob).toHaveURL(at(place.room))
  await expect(bob.getByRole('heading', { name: 'Shed' })).toBeVisible()
  await page.goto(bobsLink)
  await expect(page.getByText('This invitation is not good any more.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Create account and join' })).toHaveCount(0)
})

test('a member of a room sees its services and people, but no secrets, settings or ways to change anything', async () => {
  await bob.goto(at(place.room))
  await expect(bob.getByRole('link', { name: 'Secrets' })).toHaveCount(0)
  await expect(bob.getByRole('link', { name: 'Settings' })).toHaveCount(0)
  await expect(bob.getByRole('link', { name: 'Install a service' })).toHaveCount(0)
  await bob.getByRole('link', { name: /Beacon/ }).click()
  await expect(bob.getByRole('status').getByText('Running', { exact: true })).toBeVisible()
  await expect(bob.getByText('shining')).toBeVisible()
  for (const name of ['Restart', 'Uninstall', 'Store secret']) await expect(bob.getByRole('button', { name })).toHaveCount(0)
  await expect(bob.getByRole('link', { name: 'Update' })).toHaveCount(0)
  for (const path of [`${place.room}/secrets`, `${place.room}/settings`, `${place.project}/settings`, '/admin']) {
    expect((await bob.goto(at(path)))?.status(), path).toBe(404)
    await expect(bob.getByRole('heading', { name: 'This page was not found' })).toBeVisible()
  }
  await bob.goto(at(`${place.room}/people`))
  await expect(bob.getByText('Bob Member')).toBeVisible()
  await expect(bob.getByRole('button', { name: 'Create invitation' })).toHaveCount(0)
})

test('a member of a room is not led into installing there', async () => {
  await bob.goto(at(`/install?catalogue=website&room=${place.roomId}`))
  for (const tick of await bob.locator('input[name=tick]').all()) await tick.check()
  await bob.getByRole('button', { name: 'Choose where to install' }).click()
  await expect(bob.getByText('Shed: only its owners install here.')).toBeVisible()
  await expect(bob.getByRole('link', { name: /Shed/ })).toHaveCount(0)
  await bob.goto(`${bob.url().replace('step=place', 'step=form')}&room=${place.roomId}`)
  await expect(bob.getByRole('heading', { name: 'Where should it live?' })).toBeVisible()
  await expect(bob.getByRole('button', { name: 'Install', exact: true })).toHaveCount(0)
})

test('a stranger cannot tell what is there from what never was', async () => {
  const real = { project: place.project.slice('/p/'.length), room: place.roomId, service: installation }
  const none = { project: randomUUID(), room: randomUUID(), service: randomUUID() }
  const noId = { project: 'garden', room: 'shed', service: 'beacon' }
  const pages = ({ project, room, service: id }: typeof real) => {
    const base = `/p/${project}/r/${room}`
    return [`/p/${project}`, `/p/${project}/people`, `/p/${project}/settings`, base, `${base}/secrets`, `${base}/people`, `${base}/settings`, `${base}/s/${id}`]
  }
  const seen = async (path: string) => ({ status: (await stranger.goto(at(path)))?.status(), text: await textOf(stranger), title: await stranger.title() })
  for (const [index, path] of pages(real).entries()) {
    const expected = await seen(pages(none)[index] ?? '')
    expect(expected.status, path).toBe(404)
    expect(expected.text).toContain('This page was not found')
    for (const other of [path, pages(noId)[index] ?? '', pages({ ...none, room: real.room })[index] ?? '']) expect(await seen(other), other).toEqual(expected)
  }

  const events = async (id: string) => {
    const answer = await stranger.request.get(at(`/api/services/${id}/events`))
    return { status: answer.status(), body: await answer.text() }
  }
  const missing = await events(none.service)
  expect(missing.status).toBe(404)
  expect(await events(real.service)).toEqual(missing)
  expect(await events(noId.service)).toEqual(missing)
  const opened = (page: Page) =>
    page.evaluate(async (path) => {
      const control = new AbortController()
      const { status } = await fetch(path, { signal: control.signal })
      control.abort()
      return status
    }, `/api/services/${real.service}/events`)
  await bob.goto(at('/'))
  expect(await opened(bob)).toBe(200)
})

test('neither a room, a project nor a service answers somebody who is not signed in', async ({ page }) => {
  await page.goto(at(place.room))
  await expect(page).toHaveURL(at(`/sign-in?callbackUrl=${encodeURIComponent(place.room)}`))
  expect((await page.request.get(at(`/api/services/${installation}/events`))).status()).toBe(401)
})

test('what only an owner may do is refused to others who send the very same request', async ({ page }) => {
  const sent = async (act: () => Promise<void>): Promise<Request> => {
    const request = host.waitForRequest((one) => one.method() === 'POST' && one.headers()['next-action'] !== undefined)
    await act()
    return await request
  }
  const replay = async (request: Request, as: APIRequestContext) => {
    const { cookie: _, 'content-length': __, ...headers } = await request.allHeaders()
    const plain = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))
    return await as.post(request.url(), { headers: plain, data: request.postDataBuffer() ?? Buffer.alloc(0) })
  }
  const rename = (name: string) =>
    sent(async () => {
      await host.goto(at(`${place.room}/settings`))
      await host.getByLabel('Name of the room').fill(name)
      await host.getByRole('button', { name: 'Rename' }).click()
      await expect(host.getByText('The room has its new name.')).toBeVisible()
    })
  const nameNow = async () => {
    await host.goto(at(place.room))
    return await host.getByRole('heading', { level: 1 }).innerText()
  }
  const request = await rename('Barn')
  await rename('Shed')
  for (const other of [bob, stranger, page]) {
    const answer = await (await replay(request, other.request)).text()
    expect(answer).not.toContain('The room has its new name.')
    expect(await nameNow()).toBe('Shed')
  }
  // The request is whole: its owner may send it again.
  await replay(request, host.request)
  expect(await nameNow()).toBe('Barn')
  await rename('Shed')

  const store = await sent(async () => {
    await host.goto(at(`${place.room}/secrets`))
    await host.getByLabel('Owner').fill('beacon')
    await host.getByLabel('Secret id').fill('beacon-token')
    await host.getByLabel('Value', { exact: true }).fill('another token')
    await host.getByRole('button', { name: 'Store secret' }).click()
    await expect(host.getByText('version 2')).toBeVisible()
  })
  for (const other of [bob, stranger, page]) await replay(store, other.request)
  await host.reload()
  await expect(host.getByText('version 2')).toBeVisible()
})

test('an owner of a room renames it without being an admin of its project', async () => {
  const grant = async (value: 'owner' | 'member') => {
    await host.goto(at(`${place.room}/people`))
    const row = host.getByRole('listitem').filter({ hasText: 'bob@example.com' })
    await row.getByLabel('Grant of Bob Member').selectOption(value)
    await row.getByRole('button', { name: 'Save' }).click()
    await expect(row.getByText('Saved.')).toBeVisible()
  }
  await grant('owner')
  await bob.goto(at(`${place.room}/settings`))
  await bob.getByLabel('Name of the room').fill('Greenhouse')
  await bob.getByRole('button', { name: 'Rename' }).click()
  await expect(bob.getByRole('heading', { name: 'Greenhouse' })).toBeVisible()
  expect((await bob.goto(at(`${place.project}/settings`)))?.status()).toBe(404)
  await grant('member')
  expect((await bob.goto(at(`${place.room}/settings`)))?.status()).toBe(404)
})

test('a room keeps its last owner and a project its last admin', async () => {
  for (const [path, refusal] of [
    [`${place.room}/people`, /A room keeps at least one owner/],
    [`${place.project}/people`, /A project keeps at least one admin/],
  ] as const) {
    await host.goto(at(path))
    const row = host.getByRole('listitem').filter({ hasText: '(you)' })
    await row.getByRole('combobox').selectOption('member')
    await row.getByRole('button', { name: 'Save' }).click()
    await expect(row.getByRole('alert')).toHaveText(refusal)
    await host.reload()
    await row.getByRole('button', { name: 'Leave' }).click()
    await row.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await expect(row.getByRole('dialog').getByRole('alert')).toHaveText(refusal)
    await host.reload()
    await expect(row).toBeVisible()
  }
})
