import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { admin, install, invite, makeRoom, showOutput, signIn, startLatchkey, type Latchkey } from './latchkey'

/** Every page and state against axe's WCAG 2.2 A and AA rules and its best practices: light and dark, on a phone and a desk. */

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']
/** The rules that the colours decide; the others see the same in both themes. */
const colourRules = ['color-contrast', 'link-in-text-block']
const looks = [
  { width: 1280, height: 900, colorScheme: 'light', rules: null },
  { width: 1280, height: 900, colorScheme: 'dark', rules: colourRules },
  { width: 390, height: 844, colorScheme: 'dark', rules: null },
  { width: 390, height: 844, colorScheme: 'light', rules: colourRules },
] as const
const NARROW = 360

const script = (body: string): string => `/bin/sh -c "${body}"`

const rich = `version: v1
kind: ServiceTemplate
metadata:
  name: Observatory
  description: Watches the sky and writes down what it sees
  icon: "🔭"
  repo: https://example.test/observatory
  annotations:
    meshagent.service.id: observatory
    meshagent.service.readme: |
      # Observatory
      Sees *everything*, with \`a lens\` and [a link](https://example.test/).

      - one star
      - another star

          code that is rather long so that it has to scroll somewhere on a telephone, or so one would think at least
variables:
  - {name: place, title: Place, description: Where it stands}
  - {name: season, title: Season, enum: [winter, summer], optional: true}
  - {name: contact, title: Contact, type: email, optional: true}
  - {name: address, title: Address, type: route, optional: true, annotations: {meshagent.route.port: "8080"}}
  - {name: pin, title: PIN, obscure: true, optional: true}
  - name: key
    title: Key
    obscure: true
    annotations: {meshagent.secret.id: observatory-key, meshagent.secret.identity: observer}
ports:
  - num: 8080
    type: http
    endpoints: [{path: /, meshagent: {identity: observer}}]
agents:
  - {name: observer, description: Looks up, annotations: {meshagent.agent.type: Worker}}
container:
  image: example.test/observatory:1
  command: ${script('echo looking up; echo it is cloudy >&2; exec sleep infinity')}
  environment:
    - {name: PLACE, value: "{{ place }}"}
    - {name: PIN, value: "{{ pin }}"}
    - name: MESHAGENT_TOKEN
      token: {identity: observer, api: {secrets: {}}}
    - name: KEY
      secret: {identity: observer, id: observatory-key}
  storage:
    room: [{path: /data}]
`
const needy = `version: v1
kind: ServiceTemplate
metadata:
  name: Needy
  annotations: {meshagent.service.id: needy}
container:
  image: example.test/needy:1
  command: ${script('exec sleep infinity')}
  environment:
    - name: KEY
      secret: {identity: vault, id: vault-key}
`
const failing = `version: v1
kind: ServiceTemplate
metadata:
  name: Failing
  annotations: {meshagent.service.id: failing}
container:
  image: example.test/failing:1
`
const broken = 'version: v1\nkind: ServiceTemplate\nmetadata:\n  name: x\n  colour: red\n  icon: 3\nvariables:\n  - {title: nameless}\ncontainer: {image: a, commnd: b}\n'

let server: Latchkey
let setupLink = ''
test.describe.configure({ timeout: 300_000 })
test.beforeAll(async () => {
  test.setTimeout(180_000)
  server = await startLatchkey({ firstAdmin: false, env: { LATCHKEY_ROUTE_DOMAINS: 'example.app,example.net' } })
  setupLink = /\S+\/setup\?token=\S+/.exec(server.output())?.[0] ?? 'no link'
})
test.afterAll(() => server.remove())
test.afterEach(({}, info) => showOutput(server, info))

/** What axe finds wrong on the page as it stands, one line for each place. */
async function violations(page: Page, rules: readonly string[] | null): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations: found } = await (rules === null ? axe.withTags(tags) : axe.withRules([...rules])).analyze()
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.replace(/\s+/g, ' ') ?? ''}`))
}

async function sideways(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** Waits until a change of colours or size has been painted. */
const painted = (page: Page): Promise<void> => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))))

/** The page as it stands, in every look. */
async function sweep(page: Page, state: string): Promise<void> {
  for (const { width, height, colorScheme, rules } of looks) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await painted(page)
    expect.soft(await violations(page, rules), `${state}, ${String(width)} px, ${colorScheme}`).toEqual([])
  }
  await page.setViewportSize({ width: NARROW, height: 800 })
  expect.soft(await sideways(page), `${state} scrolls sideways by px`).toBe(0)
  await page.setViewportSize({ width: 1280, height: 900 })
}

async function makeAdmin(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Your name').fill('First Person')
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByLabel('Password again').fill(admin.password)
  await page.getByRole('button', { name: 'Create admin account' }).click()
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
}

/** Signs in as the admin, who is made first on a server of a test that runs alone. */
async function enter(page: Page): Promise<void> {
  await page.goto(setupLink)
  if (await page.getByRole('button', { name: 'Create admin account' }).isVisible()) await makeAdmin(page)
  else await signIn(page, server.url)
}

async function open(page: Page, path: string, heading: string | RegExp): Promise<void> {
  await page.goto(path.startsWith('http') ? path : `${server.url}${path}`)
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
}

test('the checks see what is wrong', async ({ page }) => {
  await page.setContent('<html lang="en"><title>t</title><main><h1>t</h1><p style="color:#999;background:#fff">faint</p><img src="data:,"><button style="width:8px;height:8px;padding:0" aria-label="a"></button><button style="width:8px;height:8px;padding:0" aria-label="b"></button><div style="width:2000px">wide</div></main></html>')
  const found = (await violations(page, null)).map((line) => line.split(':')[0])
  expect(found).toEqual(expect.arrayContaining(['color-contrast', 'image-alt', 'target-size']))
  expect((await violations(page, colourRules)).map((line) => line.split(':')[0])).toEqual(['color-contrast'])
  expect(await sideways(page)).toBeGreaterThan(0)
})

test('before there is an account, and signing in', async ({ page }) => {
  await open(page, setupLink, 'Welcome to Latchkey')
  await sweep(page, 'set-up')
  await page.getByLabel('Password', { exact: true }).fill('a')
  await page.getByRole('button', { name: 'Create admin account' }).click()
  await expect(page.getByText('The two passwords are not the same.')).toBeVisible()
  await sweep(page, 'set-up with an error')
  await makeAdmin(page)
  await page.context().clearCookies()

  await open(page, setupLink, 'Set-up link')
  await sweep(page, 'set-up link that is used')
  await open(page, '/sign-in', 'Sign in to Latchkey')
  await sweep(page, 'sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Enter your password.')).toBeVisible()
  await sweep(page, 'sign-in with field errors')
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('The e-mail address or the password is not right.')).toBeVisible()
  await sweep(page, 'sign-in refused')
  await open(page, '/invite?token=none', 'Invitation')
  await sweep(page, 'invitation that is not good')
})

test('projects, rooms, people and pages of their own', async ({ page, browser }) => {
  await enter(page)
  await sweep(page, 'no projects')
  await page.locator('summary[aria-label=Menu]').click()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  await sweep(page, 'menu open')
  const place = await makeRoom(page, server.url, { project: 'Garden', room: 'Shed' })
  await sweep(page, 'empty room')
  await open(page, '/', 'Projects')
  await sweep(page, 'projects')
  await open(page, place.project, 'Garden')
  await sweep(page, 'project')
  for (const section of ['people', 'settings']) {
    await open(page, `${place.project}/${section}`, 'Garden')
    await sweep(page, `project, ${section}`)
  }
  await page.getByLabel('Name of the project').fill('')
  await page.getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByLabel('Name of the project')).toHaveAttribute('aria-invalid', 'true')
  await sweep(page, 'project, settings with an error')

  const link = await invite(page, `${server.url}${place.room}/people`, 'bob@example.com')
  await sweep(page, 'room, people, with an invitation')
  await page.getByRole('button', { name: 'Withdraw' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await sweep(page, 'room, people, dialog')
  const context = await browser.newContext()
  const guest = await context.newPage()
  await open(guest, link, /^Join /)
  await sweep(guest, 'invitation')
  await context.close()
  await open(page, link, /^Join /)
  await sweep(page, 'invitation of somebody else')

  await open(page, `${place.room}/secrets`, 'Shed')
  await sweep(page, 'no secrets')
  await open(page, `${place.room}/settings`, 'Shed')
  await sweep(page, 'room, settings')
  await open(page, '/account', 'Your account')
  await sweep(page, 'account')
  await open(page, '/admin', 'Admin')
  await sweep(page, 'admin')
  await open(page, '/templates', 'Templates')
  await sweep(page, 'templates')
  await open(page, '/nothing/here', 'This page was not found')
  await sweep(page, 'not found')
})

test('every step of an installation', async ({ page }) => {
  await enter(page)
  await makeRoom(page, server.url, { project: 'Hill', room: 'Dome' })
  await open(page, '/install', 'Install a service')
  await sweep(page, 'source')
  await page.getByRole('button', { name: 'Upload' }).click()
  await expect(page.getByText('Choose a file first.')).toBeVisible()
  await sweep(page, 'source without a file')
  await open(page, '/install?url=http%3A%2F%2F127.0.0.1%3A9%2Fa%2Flong%2Fpath%2Fto%2Fa%2Ftemplate%2Fthat%2Fis%2Fnot%2Fthere.yaml', 'Install a service')
  await sweep(page, 'source with a link that does not work')

  const review = async (text: string, heading: string) => {
    await page.goto(`${server.url}/install`)
    await page.getByLabel('Template text').fill(text)
    await page.getByRole('button', { name: 'Review this text' }).click()
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
  }
  await review(broken, 'Review the template')
  await sweep(page, 'review with errors')
  await review(needy, 'Review before you install')
  await expect(page.locator('input[name=tick]').first()).toBeVisible()
  await sweep(page, 'review with warnings')
  await review(rich, 'Review before you install')
  await sweep(page, 'review')
  for (const tick of await page.locator('input[name=tick]').all()) await tick.check()
  await page.getByRole('button', { name: 'Choose where to install' }).click()
  await expect(page.getByRole('heading', { name: 'Where should it live?' })).toBeVisible()
  await page.locator('details:not([open]) > summary:not([aria-label])').first().click()
  await sweep(page, 'place')
  await page.getByRole('link', { name: /^Dome/ }).click()
  await expect(page.getByRole('heading', { name: 'Install Observatory' })).toBeVisible()
  await sweep(page, 'form')
  await page.getByLabel(/^Contact/).fill('not an address')
  await page.getByLabel(/^PIN/).fill(' 12\n34 ')
  await page.getByRole('button', { name: 'Show PIN' }).click()
  await page.getByRole('button', { name: 'Install', exact: true }).click()
  await expect(page.getByText('Place is required.')).toBeVisible()
  await sweep(page, 'form with errors')
})

test('services in every state', async ({ page }) => {
  await enter(page)
  const { room, roomId } = await makeRoom(page, server.url, { project: 'Harbour', room: 'Pier' })
  await install(page, server.url, roomId, rich, { Place: 'the hill', PIN: '1234', Key: 'a key of the observatory' })
  const running = page.url()
  await expect(page.getByRole('status').getByText('Running', { exact: true })).toBeVisible()
  await expect(page.getByText('it is cloudy')).toBeVisible()
  await sweep(page, 'running')
  await page.getByRole('button', { name: 'Uninstall' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await sweep(page, 'uninstall dialog')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('link', { name: 'Update' }).click()
  await expect(page.getByRole('heading', { name: 'Review before you install' })).toBeVisible()
  for (const tick of await page.locator('input[name=tick]').all()) await tick.check()
  await page.getByRole('button', { name: 'Continue to the form' }).click()
  await expect(page.getByRole('heading', { name: 'Update Observatory' })).toBeVisible()
  await sweep(page, 'update')

  await install(page, server.url, roomId, needy)
  await expect(page.getByText('Needs a secret').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Store secret' })).toBeVisible()
  await sweep(page, 'needs a secret')
  await install(page, server.url, roomId, failing)
  await expect(page.getByRole('status').getByText('Failed', { exact: true })).toBeVisible()
  await sweep(page, 'failed')
  await open(page, room, 'Pier')
  await sweep(page, 'room with services')
  await open(page, `${room}/secrets`, 'Pier')
  await sweep(page, 'secrets')

  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  await page.goto(running)
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: theme, exact: true }).click()
    await page.emulateMedia({ colorScheme: theme === 'Dark' ? 'light' : 'dark' })
    expect(await violations(page, colourRules), `${theme} chosen against the system`).toEqual([])
  }
})

test('a whole installation with the keyboard alone', async ({ page }) => {
  /** Tabs on to a control; the focus can be seen wherever it comes by. */
  const tabTo = async (control: Locator): Promise<void> => {
    await expect(control).toBeVisible()
    for (let presses = 0; presses < 120; presses++) {
      await page.keyboard.press('Tab')
      const focus = await page.evaluate(() => {
        const element = document.activeElement
        if (element === null || element === document.body) return null
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        const { top, bottom, left, right, width } = element.getBoundingClientRect()
        return {
          what: element.outerHTML.slice(0, 120),
          outlined: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
          inView: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth && width > 1,
        }
      })
      if (focus !== null) expect(focus, focus.what).toMatchObject({ outlined: true, inView: true })
      if (await control.evaluate((element) => element === document.activeElement)) return
    }
    throw new Error('the control cannot be reached with Tab')
  }
  const press = async (control: Locator, key: 'Enter' | 'Space'): Promise<void> => {
    await tabTo(control)
    await page.keyboard.press(key)
  }
  const type = async (control: Locator, text: string): Promise<void> => {
    await tabTo(control)
    await page.keyboard.insertText(text)
  }

  await enter(page)
  await page.context().clearCookies()
  await page.goto(`${server.url}/sign-in`)
  await type(page.getByLabel('E-mail'), admin.email)
  await type(page.getByLabel('Password', { exact: true }), admin.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
  await press(page.getByRole('link', { name: 'Install', exact: true }), 'Enter')
  await type(page.getByLabel('Template text'), rich.replaceAll('observatory', 'keyboard').replaceAll('Observatory', 'Keyboard').replace('- name: KEY\n', '- name: OTHER\n      secret: {identity: elsewhere, id: other}\n    - name: KEY\n'))
  await press(page.getByRole('button', { name: 'Review this text' }), 'Enter')
  await expect(page.getByRole('heading', { name: 'Review before you install' })).toBeVisible()
  const ticks = await page.locator('input[name=tick]').all()
  expect(ticks.length).toBeGreaterThan(0)
  for (const tick of ticks) await press(tick, 'Space')
  await press(page.getByRole('button', { name: 'Choose where to install' }), 'Enter')
  await expect(page.getByRole('heading', { name: 'Where should it live?' })).toBeVisible()
  await type(page.getByLabel('Name of the project'), 'Keys')
  await page.keyboard.press('Enter')
  const room = page.locator('details[open]').getByLabel('Name of the room')
  await expect(room).toBeVisible()
  await type(room, 'Board')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Install Keyboard' })).toBeVisible()
  await type(page.getByLabel(/^Place/), 'the desk')
  await tabTo(page.getByLabel(/^Season/))
  await page.keyboard.press('ArrowDown')
  await expect(page.getByLabel(/^Season/)).toHaveValue('winter')
  await type(page.getByLabel(/^Key/).first(), 'a key of the keyboard')
  await press(page.getByRole('button', { name: 'Show Key' }), 'Space')
  await expect(page.getByRole('button', { name: 'Show Key' })).toHaveAttribute('aria-pressed', 'true')
  const more = await page.locator('form input[name=tick]').all()
  for (const tick of more) await press(tick, 'Space')
  await press(page.getByRole('button', { name: 'Install', exact: true }), 'Enter')
  await page.waitForURL(/\/s\/[0-9a-f-]+$/)
  await expect(page.getByText('Needs a secret').first()).toBeVisible()
  await type(page.getByLabel('Value of other', { exact: true }), 'the other secret')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').getByText('Running', { exact: true })).toBeVisible()

  await press(page.getByRole('button', { name: 'Uninstall' }), 'Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.locator('dialog h2')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Uninstall' })).toBeFocused()
  await page.keyboard.press('Enter')
  await press(dialog.getByRole('button', { name: 'Uninstall' }), 'Enter')
  await expect(page.getByText('No services yet')).toBeVisible()
})
