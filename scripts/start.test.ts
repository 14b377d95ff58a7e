import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const FIRST_START_MS = 240_000
const place = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey start '))
const data = path.join(place, 'the data')
const children = new Set<ChildProcess>()

afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  fs.rmSync(place, { recursive: true, force: true })
})

interface Run {
  child: ChildProcess
  output(): string
  /** Resolves with the exit status once it has ended, 'ready' once it serves. */
  outcome: Promise<number | 'ready'>
}

function start(settings: Record<string, string>, command: [string, ...string[]] = [process.execPath, 'scripts/start.mjs']): Run {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LATCHKEY_|DATABASE_URL$|NODE_ENV$|npm_lifecycle|VITEST)/.test(name)))
  const env: NodeJS.ProcessEnv = { ...inherited, NODE_ENV: 'production', LATCHKEY_RUNTIME: 'process', ...settings }
  const [program, ...args] = command
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  let output = ''
  const outcome = new Promise<number | 'ready'>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (output.includes('Latchkey is ready')) resolve('ready')
      })
    }
    child.once('close', (code) => {
      resolve(code ?? -1)
    })
  })
  return { child, output: () => output, outcome }
}

async function freePort(): Promise<string> {
  const server = net.createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return String(typeof address === 'object' && address !== null ? address.port : 0)
}

describe('npm start', () => {
  let port: string
  let first: Run
  beforeAll(async () => {
    port = await freePort()
    first = start({ PORT: port, LATCHKEY_DATA: data })
    expect(await first.outcome, first.output()).toBe('ready')
  }, FIRST_START_MS)

  it('serves, says where, and prints the one-time link for the first admin', async () => {
    expect(first.output()).toContain(`Latchkey is ready on http://localhost:${port}`)
    const [link = ''] = /http:\S+\/setup\?token=\S+/.exec(first.output()) ?? []
    expect((await fetch(link)).status).toBe(200)
    expect((await fetch(`http://localhost:${port}/api/healthz`)).status).toBe(200)
  })

  it('answers with an id for each request, a policy with a fresh nonce, and nothing for caches', async () => {
    const pages = await Promise.all([1, 2].map(() => fetch(`http://localhost:${port}/sign-in`, { headers: { 'x-request-id': 'not an id!' } })))
    const nonces = pages.map((page) => /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1])
    expect(new Set(nonces).size).toBe(2)
    for (const page of pages) {
      expect(page.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
      expect(page.headers.get('cache-control')).toContain('no-store')
      expect(page.headers.get('x-content-type-options')).toBe('nosniff')
      expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`)
      expect(page.headers.has('x-powered-by')).toBe(false)
      expect(page.headers.has('strict-transport-security')).toBe(false)
      expect(page.headers.get('content-security-policy')).not.toContain('unsafe-eval')
    }
    const own = await fetch(`http://localhost:${port}/api/healthz`, { headers: { 'x-request-id': 'a-good-one-1' } })
    expect(own.headers.get('x-request-id')).toBe('a-good-one-1')
  })

  it('refuses a second server on the same data, with the process that holds it', async () => {
    const second = start({ PORT: await freePort(), LATCHKEY_DATA: data })
    expect(await second.outcome).toBe(1)
    expect(second.output()).toContain(`is in use by process ${String(first.child.pid)}. Stop that server first`)
    expect((await fetch(`http://localhost:${port}/api/healthz`)).status).toBe(200)
  })

  it('says that the port is in use, before anything else', async () => {
    const second = start({ PORT: port, LATCHKEY_DATA: path.join(place, 'other') })
    expect(await second.outcome).toBe(1)
    expect(second.output()).toContain(`Port ${port} is in use. Stop what uses it, or choose another one: PORT=${String(Number(port) + 1)} npm start`)
    expect(fs.existsSync(path.join(place, 'other'))).toBe(false)
  })

  it('ends cleanly when asked, does nothing twice when started again, and gives a new link', async () => {
    first.child.kill('SIGTERM')
    const [code] = (await once(first.child, 'exit')) as [number]
    expect(code).toBe(0)
    expect(fs.readdirSync(path.join(data, 'db.lock'))).toEqual([])
    const again = start({ PORT: port, LATCHKEY_DATA: data })
    expect(await again.outcome, again.output()).toBe('ready')
    expect(again.output().match(/up to date/g)).toHaveLength(4)
    again.child.kill('SIGKILL')
    await once(again.child, 'exit')
    const after = start({ PORT: port, LATCHKEY_DATA: data, LATCHKEY_ADMIN_EMAIL: 'first@example.com', LATCHKEY_ADMIN_PASSWORD: 'a long enough password' })
    expect(await after.outcome, after.output()).toBe('ready')
    expect(after.output()).toContain('The first admin is first@example.com')
    after.child.kill('SIGINT')
    await once(after.child, 'exit')
  }, 120_000)

  it('ends when npm is killed outright', async () => {
    const run = start({ PORT: port, LATCHKEY_DATA: data }, ['npm', 'start'])
    expect(await run.outcome, run.output()).toBe('ready')
    run.child.kill('SIGKILL')
    await expect.poll(() => fetch(`http://localhost:${port}/api/healthz`).then(() => 'serving', () => 'gone'), { timeout: 20_000 }).toBe('gone')
    await expect.poll(() => fs.readdirSync(path.join(data, 'db.lock')), { timeout: 20_000 }).toEqual([])
  }, 120_000)

  it.each<[what: string, settings: Record<string, string>, sentence: string]>([
    ['a port that is none', { PORT: 'eighty' }, 'PORT is not a port number'],
    ['a host that is not here', { HOST: '192.0.2.1' }, 'This machine has no address 192.0.2.1'],
    ['a database that does not answer', { DATABASE_URL: 'postgresql://someone:hunter2@127.0.0.1:9/none' }, 'The database at 127.0.0.1:9 (DATABASE_URL) cannot be used: nothing listens there'],
    ['a database that is no PostgreSQL', { DATABASE_URL: 'mysql://someone:hunter2@127.0.0.1/none' }, 'DATABASE_URL is not the URL of a PostgreSQL database'],
    ['half a first admin', { LATCHKEY_ADMIN_EMAIL: 'someone@example.com' }, 'LATCHKEY_ADMIN_PASSWORD does not fit'],
    ['a setting in the wrong form', { LATCHKEY_RUNTIME: 'hunter2' }, 'LATCHKEY_RUNTIME has a wrong form'],
  ])('refuses %s with a sentence, and without the value of a secret', async (_what, settings, sentence) => {
    const run = start({ PORT: '0', LATCHKEY_DATA: path.join(place, 'unused'), ...settings })
    expect(await run.outcome).toBe(1)
    expect(run.output()).toContain(sentence)
    expect(run.output()).not.toContain('hunter2')
    expect(run.output()).not.toContain('    at ')
  }, 120_000)

  it('says that the registry cannot be reached', async () => {
    const bare = path.join(place, 'a bare copy')
    fs.cpSync('scripts', path.join(bare, 'scripts'), { recursive: true })
    for (const file of ['package.json', 'package-lock.json']) fs.copyFileSync(file, path.join(bare, file))
    const run = start(
      { PORT: '0', npm_config_registry: 'http://127.0.0.1:9/', npm_config_replace_registry_host: 'always', npm_config_cache: path.join(place, 'cache'), npm_config_fetch_retries: '0' },
      [process.execPath, path.join(bare, 'scripts/start.mjs')],
    )
    expect(await run.outcome).toBe(1)
    expect(run.output()).toContain('The package registry cannot be reached (ECONNREFUSED)')
  }, 120_000)
})
