import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test, type Page } from '@playwright/test'
import { choosePlace, showOutput, signIn, startLatchkey, type Latchkey } from './latchkey'

/** Every way that a template comes in, in a real browser: links, files, texts and the catalogue. */

const template = (name: string, said: string): string => `version: v1
kind: ServiceTemplate
metadata:
  name: ${name}
  annotations: {meshagent.service.id: lantern}
container:
  image: example.test/lantern:1
  command: /bin/sh -c "echo ${said}; exec sleep infinity"
`
const MIB = 1024 * 1024
const binary = Buffer.from('version: v1\0\x01\x02', 'latin1')

let server: Latchkey
let files: Server
let hidden: Server
let current = template('Lantern', 'first light')
/** Requests that reached the server that is not allow-listed. */
let reached = 0

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/lantern.yaml': (response) => void response.end(current),
  '/page': (response) => void response.setHeader('content-type', 'text/html').end('<!doctype html><title>Not a template</title>'),
  '/binary': (response) => void response.end(binary),
  '/large': (response) => void response.end(Buffer.alloc(MIB + 1, '#')),
  '/away': (response) => void response.writeHead(302, { location: `http://127.0.0.1:${String(portOf(hidden))}/lantern.yaml` }).end(),
  '/round': (response) => void response.writeHead(302, { location: '/round' }).end(),
}
const portOf = (of: Server): number => (of.address() as AddressInfo).port
const link = (path: string): string => `http://127.0.0.1:${String(portOf(files))}${path}`
const installLink = (address: string): string => `${server.url}/install?url=${encodeURIComponent(address)}`

test.beforeAll(async () => {
  test.setTimeout(180_000)
  files = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    if (answer) answer(response)
    else response.writeHead(404).end()
  })
  hidden = createServer((_, response) => {
    reached++
    response.end(current)
  })
  for (const each of [files, hidden]) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
  server = await startLatchkey({ env: { LATCHKEY_FETCH_ALLOW: `127.0.0.1:${String(portOf(files))}` } })
})
test.afterAll(async () => {
  await server.remove()
  for (const each of [files, hidden]) {
    each.close()
    each.closeAllConnections()
  }
})
test.beforeEach(({ page }) => signIn(page, server.url))
test.afterEach(({}, info) => showOutput(server, info))

const onReview = (page: Page) => expect(page.getByRole('heading', { name: 'Review before you install' })).toBeVisible()

test('what was reviewed is what installs, whatever the link says by then', async ({ page }) => {
  await page.goto(installLink(link('/lantern.yaml')))
  await onReview(page)
  await expect(page.getByText(link('/lantern.yaml'))).toBeVisible()
  const fingerprint = await page.getByText(/^sha256:[0-9a-f]{64}$/).innerText()
  current = template('Lantern changed', 'second light')
  await choosePlace(page)
  expect(new URL(page.url()).searchParams.get('template')).toBe(fingerprint)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Install Lantern', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Install', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Lantern', exact: true })).toBeVisible()
  await expect(page.getByText('first light').first()).toBeVisible()
  await expect(page.getByText(fingerprint)).toBeVisible()
  await expect(page.getByText(link('/lantern.yaml'))).toBeVisible()

  // The update asks the link again, and shows what it says now.
  await page.getByRole('link', { name: 'Update' }).click()
  await onReview(page)
  await expect(page.getByText('Lantern changed').first()).toBeVisible()
  await page.getByRole('button', { name: 'Continue to the form' }).click()
  await expect(page.getByText('“Lantern” is already installed in this room')).toBeVisible()
  await page.getByRole('button', { name: 'Update', exact: true }).click()
  await expect(page.getByText('second light').first()).toBeVisible()
})

test('the address of a review survives a reload and another browser', async ({ page, browser }) => {
  await page.goto(`${server.url}/install`)
  await page.getByLabel('Template text').fill(template('Pasted', 'pasted light'))
  await page.getByRole('button', { name: 'Review this text' }).click()
  await onReview(page)
  expect(page.url()).toMatch(/[?&]template=sha256%3A[0-9a-f]{64}/)
  await page.reload()
  await onReview(page)
  await expect(page.getByRole('heading', { name: 'Pasted' })).toBeVisible()

  const context = await browser.newContext()
  const other = await context.newPage()
  await signIn(other, server.url)
  await other.goto(page.url())
  await expect(other.getByRole('heading', { name: 'Pasted' })).toBeVisible()
  await other.goto(`${page.url()}&step=place`)
  await onReview(other)
  await context.close()
})

test('the form takes an address, or a whole install link of another server', async ({ page }) => {
  for (const typed of [link('/lantern.yaml'), `https://elsewhere.example/install?url=${encodeURIComponent(link('/lantern.yaml'))}`]) {
    await page.goto(`${server.url}/install`)
    await page.getByLabel('Address of the template').fill(typed)
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await onReview(page)
    await expect(page.getByText(link('/lantern.yaml'))).toBeVisible()
  }
})

test('a link that cannot be used names the cause, and stays to be mended', async ({ page }) => {
  const refusals: readonly (readonly [address: string, cause: RegExp])[] = [
    [`http://127.0.0.1:${String(portOf(hidden))}/lantern.yaml`, /127\.0\.0\.1 is not at a public address.*LATCHKEY_FETCH_ALLOW/],
    [link('/away'), /127\.0\.0\.1 is not at a public address/],
    [link('/missing'), /status 404: there is no template at this link/],
    [link('/page'), /leads to a web page, not to a YAML file/],
    [link('/binary'), /binary file/],
    [link('/large'), /larger than 1 MiB/],
    [link('/round'), /redirects more than 5 times/],
    ['http://169.254.169.254/latest/meta-data/', /not at a public address/],
    ['http://[::1]/x', /not at a public address/],
    ['file:///etc/passwd', /http/],
    ['not an address', /\S/],
  ]
  for (const [address, cause] of refusals) {
    await page.goto(installLink(address))
    const field = page.getByLabel('Address of the template')
    await expect(field, address).toHaveAttribute('aria-invalid', 'true')
    await expect(field, address).toHaveValue(address)
    await expect(page.getByRole('alert').filter({ hasText: /\S/ }).first(), address).toHaveText(cause)
    await expect(page.getByRole('heading', { name: 'Review before you install' })).toHaveCount(0)
  }
  expect(reached).toBe(0)
})

test('an uploaded file is reviewed like a link', async ({ page }) => {
  await page.goto(`${server.url}/install`)
  await page.getByLabel('Template file').setInputFiles({ name: 'lantern.yaml', mimeType: 'application/yaml', buffer: Buffer.from(`\uFEFF${template('Uploaded', 'uploaded light')}`) })
  await page.getByRole('button', { name: 'Upload' }).click()
  await onReview(page)
  await expect(page.getByRole('heading', { name: 'Uploaded' })).toBeVisible()
})

test('a file that is no template text is refused at its field', async ({ page }) => {
  await page.goto(`${server.url}/install`)
  const field = page.getByLabel('Template file')
  const refused = async (buffer: Buffer | null, cause: RegExp) => {
    await field.setInputFiles(buffer === null ? [] : { name: 'template.yaml', mimeType: 'application/yaml', buffer })
    await page.getByRole('button', { name: 'Upload' }).click()
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(page.locator(`[id="${(await field.getAttribute('aria-describedby')) ?? ''}"]`)).toHaveText(cause)
  }
  await refused(null, /Choose a file first/)
  await refused(binary, /binary file/)
  await refused(Buffer.from(`\uFEFF${template('Wide', 'x')}`, 'utf16le'), /UTF-16/)
  await refused(Buffer.from('name: caf\xe9', 'latin1'), /not UTF-8/)
  await refused(Buffer.alloc(MIB + 1, '#'), /larger than 1 MiB/)
  await refused(Buffer.alloc(9 * MIB, '#'), /larger than 1 MiB/)
})

test('a template of the catalogue is found, reviewed and led to its form', async ({ page }) => {
  await page.goto(`${server.url}/templates`)
  const entries = page.getByRole('link', { name: /^Review / })
  expect(await entries.count()).toBeGreaterThanOrEqual(5)
  await page.getByRole('link', { name: 'Review Support agent' }).click()
  await onReview(page)
  await expect(page.getByRole('region', { name: /stored/i })).toContainText('support-api-token')
  await choosePlace(page)
  await expect(page.getByText('Stored as room secret support-api-token, owned by latchkey-support-agent')).toBeVisible()
})
