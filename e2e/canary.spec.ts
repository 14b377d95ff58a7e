import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { openEmbedded } from '@/lib/db/embedded'
import { canary, createNet } from './canary'
import { choosePlace, pasteTemplate, showOutput, signIn, startLatchkey, type Latchkey } from './latchkey'

/**
 * Every secret and obscured input is a canary. After install, failure, update and uninstall none of them stands anywhere
 * but in the environment of the running service.
 */

const template = `version: v1
kind: ServiceTemplate
metadata:
  name: Keeper
  annotations: {meshagent.service.id: keeper}
variables:
  - name: plain
    title: Plain
  - name: pin
    title: PIN
    obscure: true
  - name: token
    title: Token
    obscure: true
    annotations: {meshagent.secret.id: keeper-token, meshagent.secret.identity: keeper}
  - name: shown
    title: Shown secret
    annotations: {meshagent.secret.id: shown-token, meshagent.secret.identity: keeper}
container:
  image: example.test/keeper:1
  command: /bin/sh /var/start.sh
  environment:
    - {name: MESHAGENT_TOKEN, token: {identity: keeper}}
    - {name: PLAIN, value: "{{ plain }}"}
    - {name: PIN, value: "{{ pin }}"}
    - {name: TOKEN, secret: {identity: keeper, id: keeper-token}}
    - {name: SHOWN, secret: {identity: keeper, id: shown-token}}
  storage:
    files:
      - path: /var/pin.conf
        text: "pin={{ pin }}"
      - path: /var/start.sh
        text: |
          echo "careless: $TOKEN $SHOWN $PIN"
          echo "plain: $PLAIN" >&2
          test "$TOKEN" != crash
          exec sleep infinity
`

const values = {
  'first pin': canary('pin'), 'first token': canary('token'), 'first shown': canary('shown'),
  'second pin': canary('pin2'), 'second token': canary('token2'), 'failed pin': canary('pin3'), 'failed token': canary('token3'),
}
const plain = canary('plain')

test('no canary stands anywhere but in the running service', async ({ page }, info) => {
  test.setTimeout(180_000)
  const server = await startLatchkey({ env: { LATCHKEY_LOG_LEVEL: 'debug' } })
  const net = createNet(values)
  const heard = listen(page, net.look)
  try {
    await signIn(page, server.url)
    await pasteTemplate(page, server.url, template)
    await choosePlace(page)

    await test.step('a form that is refused', async () => {
      await fill(page, { PIN: values['failed pin'], Token: values['failed token'] })
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await expect(page.getByText('Plain is required.')).toBeVisible()
    })
    await test.step('an installation', async () => {
      await fill(page, { Plain: plain, PIN: values['first pin'], Token: values['first token'], 'Shown secret': values['first shown'] })
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await running(page)
      await expect(page.getByText('careless:').first()).toBeVisible()
      await lookAround('while it runs')
      expect(environments(values['first token'])).toBe(true)
    })
    await test.step('an update', async () => {
      await page.getByRole('link', { name: 'Update' }).click()
      await page.getByRole('button', { name: 'Continue to the form' }).click()
      await fill(page, { PIN: values['second pin'], Token: values['second token'] })
      await page.getByRole('button', { name: 'Update', exact: true }).click()
      await page.waitForURL(/\/s\/[0-9a-f-]+$/)
      await expect.poll(() => environments(values['second token']), { timeout: 20_000 }).toBe(true)
      await running(page)
      expect(environments(values['first token'])).toBe(false)
      await page.getByRole('link', { name: 'Shed' }).click()
      await page.getByRole('link', { name: 'Secrets' }).click()
      await expect(page.getByText('keeper-token').first()).toBeVisible()
      await page.goBack()
      await page.getByRole('link', { name: /Keeper/ }).click()
      await lookAround('after the update')
    })
    await test.step('an uninstallation', async () => {
      await page.getByRole('button', { name: 'Uninstall' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).click()
      await expect(page.getByRole('link', { name: /Keeper/ })).toHaveCount(0)
      await expect.poll(() => environments(values['second token'])).toBe(false)
    })
    expect(await heard()).toBeGreaterThan(20)
    await server.stop()
    await lookAround('in the end')
    expect(await dump(server, net.look)).toBeGreaterThan(15)
    expect(net.findings).toEqual([])
    // The same net does catch what is meant to be there.
    const control = createNet({ plain })
    await dump(server, control.look)
    expect(control.findings.length).toBeGreaterThan(0)
  } finally {
    await showOutput(server, info)
    await server.remove()
  }

  async function lookAround(when: string): Promise<void> {
    // With it what came over the event stream, whose answer has no end to wait for.
    net.look(`the page ${when}`, await page.content())
    net.look(`output of the server ${when}`, server.output())
    expect(net.lookIn(server.dataDir)).toBeGreaterThan(10)
  }
})

const running = (page: Page): Promise<void> => expect(page.getByRole('status').getByText('Running', { exact: true })).toBeVisible()

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(new RegExp(`^${label} \\(`)).fill(value)
}

/** Hears all that the server tells the browser. @returns how many answers there were, once all are read. */
function listen(page: Page, look: (where: string, content: string | Uint8Array) => void): () => Promise<number> {
  const pending: Promise<void>[] = []
  page.on('request', (request) => look('a URL', request.url()))
  page.on('console', (message) => look('the console', message.text()))
  page.on('framenavigated', (frame) => look('an address', frame.url()))
  page.on('response', (response) => {
    look(`headers of ${response.url()}`, JSON.stringify(response.headers()))
    const stream = response.headers()['content-type']?.startsWith('text/event-stream') === true
    if (!stream) pending.push(response.body().then((body) => look(`answer to ${response.request().method()} ${response.url()}`, body), () => undefined))
  })
  return async () => {
    await Promise.all(pending)
    look('the page', await page.content())
    return pending.length
  }
}

/** Whether any process of this machine has the text in its environment. */
function environments(text: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(path.join('/proc', pid, 'environ')).includes(text)
      } catch {
        return false
      }
    })
}

/** Looks at every row of every table as text. @returns the number of tables. */
async function dump(server: Latchkey, look: (where: string, content: string) => void): Promise<number> {
  const { pool, close } = await openEmbedded(path.join(server.dataDir, 'db'))
  try {
    const tables = await pool.query<{ name: string }>(`SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`)
    for (const { name } of tables.rows) {
      const rows = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      for (const { row } of rows.rows) look(`table ${name}`, row)
    }
    return tables.rows.length
  } finally {
    await close()
  }
}
