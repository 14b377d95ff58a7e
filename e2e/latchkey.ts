import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, type TestInfo } from '@playwright/test'

/** A real Latchkey for browser tests: `npm start`'s own script on a port and data directory of its own. */

export const admin = { email: 'admin@example.com', password: 'a long enough password' }

export interface Latchkey {
  url: string
  dataDir: string
  /** Everything that the server printed. */
  output(): string
  /** SIGTERM, and waits. */
  stop(): Promise<void>
  /** SIGKILL, and waits. */
  kill(): Promise<void>
  /** Stops if it runs, and deletes the data. */
  remove(): Promise<void>
}

const root = path.resolve(import.meta.dirname, '..')
const START_MS = 120_000

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/**
 * Starts a server and waits until it can serve.
 * @param options.dataDir an earlier server's, to start on what it left.
 * @param options.firstAdmin false: leave the set-up link to the test.
 */
export async function startLatchkey(
  options: { dataDir?: string; port?: number; firstAdmin?: boolean; env?: Readonly<Record<string, string>> } = {},
): Promise<Latchkey> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'latchkey e2e '))
  const port = options.port ?? (await freePort())
  const url = `http://localhost:${String(port)}`
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LATCHKEY_|DATABASE_URL$|DOCKER_HOST$|npm_lifecycle)/.test(name)))
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: 'localhost',
      LATCHKEY_DATA: dataDir,
      LATCHKEY_RUNTIME: 'process',
      ...(options.firstAdmin === false ? {} : { LATCHKEY_ADMIN_EMAIL: admin.email, LATCHKEY_ADMIN_PASSWORD: admin.password }),
      ...options.env,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running(child)) child.kill(signal)
    await ended
  }
  await until(async () => {
    if (!running(child)) throw new Error(`the server ended: ${output}`)
    return (await fetch(`${url}/api/healthz`).catch(() => null))?.status === 200
  }, START_MS)
  return {
    url,
    dataDir,
    output: () => output,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    remove: async () => {
      await end('SIGTERM')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const running = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null

/** Waits until `look` is true. @throws Error after `ms`. */
export async function until(look: () => Promise<boolean> | boolean, ms = 20_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`not so within ${String(ms / 1000)} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export async function signIn(page: Page, url: string, who = admin): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('E-mail').fill(who.email)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
}

/** Brings a template in by pasting its text, and stands on its review. */
export async function pasteTemplate(page: Page, url: string, text: string): Promise<void> {
  await page.goto(`${url}/install`)
  await page.getByLabel('Template text').fill(text)
  await page.getByRole('button', { name: 'Review this text' }).click()
  await expect(page.getByRole('heading', { name: 'Review before you install' })).toBeVisible()
}

/** From the review to the form, in a new room of a new project unless both exist. */
export async function choosePlace(page: Page, place = { project: 'Garden', room: 'Shed' }): Promise<void> {
  for (const tick of await page.locator('input[name=tick]').all()) await tick.check()
  await page.getByRole('button', { name: /Choose where to install|Continue to the form/ }).click()
  const room = page.getByRole('link', { name: new RegExp(`^${place.room}`) })
  await expect(page.getByRole('heading', { name: 'Where should it live?' })).toBeVisible()
  if ((await room.count()) > 0) await room.first().click()
  else {
    await page.getByLabel('Name of the project').fill(place.project)
    await page.getByRole('button', { name: 'Create project' }).click()
    await page.getByLabel('Name of the room').fill(place.room)
    await page.getByRole('button', { name: 'Create and continue' }).click()
  }
  await expect(page.getByRole('heading', { name: /^(Install|Update) / })).toBeVisible()
}

/** The seed of ../shared/templates, or null with the reason why it is not there. */
export const seedFile = (): string | null => {
  const file = path.resolve(root, '../shared/templates/seed__support-agent-service-template.yaml')
  return existsSync(file) ? file : null
}

/** Attaches what the server printed to a test that failed. */
export async function showOutput(server: Latchkey, info: TestInfo): Promise<void> {
  if (info.status !== info.expectedStatus) await info.attach('server output', { body: server.output().slice(-20_000), contentType: 'text/plain' })
}

export async function signOut(page: Page): Promise<void> {
  await page.locator('summary[aria-label=Menu]').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in to Latchkey' })).toBeVisible()
}

/** Makes a project with one room, and stands on the room. Returns the paths of both and the id of the room. */
export async function makeRoom(page: Page, url: string, place: { project: string; room: string }): Promise<{ project: string; room: string; roomId: string }> {
  await page.goto(`${url}/`)
  await page.getByLabel('Name of the project').fill(place.project)
  await page.getByRole('button', { name: 'Create project' }).click()
  await page.getByLabel('Name of the room').fill(place.room)
  await page.getByRole('button', { name: 'Create room' }).click()
  await page.waitForURL(/\/p\/[^/]+\/r\/[^/]+$/)
  const { pathname } = new URL(page.url())
  const [project = '', roomId = ''] = pathname.split('/r/')
  return { project, room: pathname, roomId }
}

/** Makes an invitation on a page of people, and returns its link. */
export async function invite(page: Page, peoplePage: string, email: string): Promise<string> {
  await page.goto(peoplePage)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Create invitation' }).click()
  const link = page.getByLabel('Invitation link')
  await expect(link).toHaveValue(/\/invite\?token=/)
  return await link.inputValue()
}

/** Takes an invitation as somebody new, with the password of `admin`. */
export async function join(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByLabel('Password again').fill(admin.password)
  await page.getByRole('button', { name: 'Create account and join' }).click()
  await page.waitForURL(/\/p\//)
}

/**
 * Installs a pasted template into a room, and stands on the page of the service.
 * @param answers values by the label of their field
 */
export async function install(page: Page, url: string, roomId: string, text: string, answers: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.goto(`${url}/install?room=${roomId}`)
  await page.getByLabel('Template text').fill(text)
  await page.getByRole('button', { name: 'Review this text' }).click()
  await expect(page.getByRole('heading', { name: 'Review before you install' })).toBeVisible()
  for (const tick of await page.locator('input[name=tick]').all()) await tick.check()
  await page.getByRole('button', { name: 'Continue to the form' }).click()
  await expect(page.getByRole('heading', { name: /^Install / })).toBeVisible()
  for (const tick of await page.locator('form input[name=tick]').all()) await tick.check()
  for (const [label, value] of Object.entries(answers)) await page.getByLabel(new RegExp(`^${label}`)).first().fill(value)
  await page.getByRole('button', { name: 'Install', exact: true }).click()
  await page.waitForURL(/\/s\/[0-9a-f-]+$/)
}
