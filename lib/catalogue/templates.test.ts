import { execFile } from 'node:child_process'
import { createHash, createHmac, generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { content, eventually, freePort, openGround } from './running.fixture'

const ground = await openGround()
const health = await ground.runtime.health()
if (!health.available) console.warn(`Skipped: the templates of the catalogue need the process runtime. ${health.reason ?? ''}`)

const ends: (() => void)[] = []
afterAll(async () => {
  for (const end of ends) end()
  await ground.close()
})
async function receive(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => { server.close(); server.closeAllConnections() })
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
}

/** A folder of a room with files in it, before any service runs. */
async function fill(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), bytes)
  }
}

describe.skipIf(!health.available)('catalogue templates on the process runtime', { timeout: 60_000 }, () => {
  const prepared = (room: string, folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> => fill(path.join(ground.dataDir, 'rooms', room, folder), files)
  

  describe('website', () => {
    it('serves the files of the folder to everyone, and nothing beside them', async () => {
      await prepared('web', 'site', { 'index.html': '<h1>hello</h1>', 'docs/index.html': 'docs', '.hidden': 'x', 'a b.css': 'p{}', 'empty.txt': '' })
      await prepared('web', 'private', { 'file.txt': 'canary' })
      await symlink('../private/file.txt', path.join(ground.dataDir, 'rooms/web/site/link.txt'))
      await symlink('/etc/passwd', path.join(ground.dataDir, 'rooms/web/site/passwd'))
      const port = await freePort()
      const site = await ground.start('website', 'web', { values: { folder: 'site', audience: 'everyone', port } })
      await site.logged(/Website on http/)
      const base = `http://127.0.0.1:${port}`
      const home = await fetch(base)
      expect([home.status, home.headers.get('content-type'), await home.text()]).toEqual([200, 'text/html; charset=utf-8', '<h1>hello</h1>'])
      expect((await fetch(base, { headers: { 'if-modified-since': home.headers.get('last-modified') ?? '' } })).status).toBe(304)
      expect(await (await fetch(`${base}/docs`)).text()).toBe('docs')
      expect((await fetch(`${base}/a%20b.css`)).headers.get('content-type')).toBe('text/css; charset=utf-8')
      expect((await fetch(`${base}/empty.txt`)).status).toBe(200)
      for (const miss of ['/none', '/.hidden', '/link.txt', '/passwd', '/%2e%2e/private/file.txt', '/..%2f..%2fetc/passwd', '/%00', '/%ff', '/docs/none/']) {
        expect([miss, (await fetch(base + miss)).status]).toEqual([miss, 404])
      }
      expect((await fetch(base, { method: 'POST' })).status).toBe(405)
      expect(await site.stop()).toBeLessThan(3000)
    })

    it('asks for the password, and refuses to start without one', async () => {
      await prepared('club', 'site', { 'index.html': 'members' })
      const values = { folder: 'site', audience: 'people with the password', port: await freePort() }
      const without = await ground.start('website', 'club', { values })
      await without.logged(/A password for readers is required/)
      await without.stop()
      const site = await ground.start('website', 'club', { values: { ...values, site_password: 'pass:canary ü' } })
      const log = await site.logged(/behind a password/)
      expect(log).not.toContain('canary')
      const ask = (password: string): Promise<Response> =>
        fetch(`http://127.0.0.1:${values.port}/`, { headers: { authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` } })
      expect((await fetch(`http://127.0.0.1:${values.port}/`)).status).toBe(401)
      expect((await ask('wrong')).status).toBe(401)
      expect(await (await ask('pass:canary ü')).text()).toBe('members')
    })
  })

  describe('webhook inbox', () => {
    const secret = 'canary-signing-secret'
    it('stores what is signed and nothing else', async () => {
      const port = await freePort()
      const inbox = await ground.start('webhook-inbox', 'hooks', { values: { port }, secrets: { 'webhook-signing-secret': secret } })
      await inbox.logged(/Webhook inbox on/)
      const post = (body: string, signature: string): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/github?token=canary`, { method: 'POST', body, headers: { 'x-hub-signature-256': signature, 'x-github-event': 'push' } })
      const signed = (body: string): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
      const body = '{"text":"line\\nbreak 🙂"}'
      expect((await post(body, signed(body))).status).toBe(202)
      expect((await post('not json', signed('not json'))).status).toBe(202)
      for (const wrong of ['', 'sha256=', signed('other'), signed(body).slice(0, -1), createHmac('sha256', 'x').update(body).digest('hex')]) expect((await post(body, wrong)).status).toBe(401)
      expect((await post('a'.repeat(1024 * 1024 + 1), signed(''))).status).toBe(413)
      const [file = ''] = await readdir(inbox.room('webhooks'))
      const lines = (await content(inbox.room(`webhooks/${file}`))).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)
      expect(lines).toEqual([
        { at: expect.any(String) as string, path: '/github', event: 'push', body: { text: 'line\nbreak 🙂' } },
        { at: expect.any(String) as string, path: '/github', event: 'push', body: 'not json' },
      ])
      const second = await ground.start('webhook-inbox', 'hooks', { values: { port }, secrets: { 'webhook-signing-secret': secret } })
      await second.logged(new RegExp(`Port ${port} is already in use`))
      expect(await inbox.log()).not.toContain('canary')
    })
    it('refuses to start without its secret and names it', async () => {
      await (await ground.start('webhook-inbox', 'hooks')).logged(/store the room secret webhook-signing-secret of latchkey-webhook-inbox/)
    })
  })

  it('contact form: shows the address, keeps messages, drops robots, shows nothing unescaped', async () => {
    const port = await freePort()
    const form = await ground.start('contact-form', 'desk', { values: { contact_email: "a&b'<i>@example.test", page_title: '<b>Hi</b>', page_language: 'Deutsch', port } })
    await form.logged(/Contact form on/)
    const base = `http://127.0.0.1:${port}/`
    const html = await (await fetch(base)).text()
    expect(html).toContain('a&#38;b&#39;&#60;i&#62;@example.test')
    expect(html).toContain('<h1>&#60;b&#62;Hi&#60;/b&#62;</h1>')
    expect(html).toContain('<html lang="de">')
    const send = (fields: Record<string, string>): Promise<Response> => fetch(base, { method: 'POST', body: new URLSearchParams(fields) })
    const message = { name: 'Ann', email: 'ann@example.test', message: 'two\nlines' }
    expect(await (await send(message)).text()).toContain('Danke')
    expect((await send({ ...message, homepage: 'http://spam.example.test' })).status).toBe(200)
    expect((await send({ ...message, message: ' ' })).status).toBe(400)
    expect((await send({ ...message, message: 'a'.repeat(70_000) })).status).toBe(413)
    const stored = (await content(form.room('contact-form/messages.jsonl'))).trimEnd().split('\n')
    expect(stored.map((line) => JSON.parse(line) as unknown)).toEqual([{ at: expect.any(String) as string, ...message }])
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await send(message)).status))
    expect(statuses.filter((status) => status === 429)).toHaveLength(11)
  })

  describe('uptime monitor', () => {
    it('records whether a site is up without following its address into the log', async () => {
      let status = 200
      const url = await receive((_, response) => response.writeHead(status).end())
      const monitor = await ground.start('uptime-monitor', 'watch', { values: { check_url: `${url}/path?token=canary`, interval: '30 seconds' } })
      expect(JSON.parse(await content(monitor.room('uptime/now.json')))).toMatchObject({ up: true, status: 200, ms: expect.any(Number) as number })
      expect(await monitor.log()).not.toContain('canary')
      await monitor.stop()
      status = 503
      const again = await ground.start('uptime-monitor', 'watch', { values: { check_url: url, interval: '30 seconds' } })
      const checks = await eventually(async () => {
        const lines = (await readFile(again.room('uptime/checks.jsonl'), 'utf8')).trimEnd().split('\n')
        return lines.length > 1 ? lines : undefined
      }, () => 'a second check')
      expect(JSON.parse(checks.at(-1) ?? '')).toMatchObject({ up: false, status: 503 })
    })
    it('records a host that does not answer, and itself when there is nothing to watch', async () => {
      const dead = await ground.start('uptime-monitor', 'dead', { values: { check_url: `http://127.0.0.1:${await freePort()}/`, interval: '1 hour' } })
      expect(JSON.parse(await content(dead.room('uptime/now.json')))).toMatchObject({ up: false, reason: 'ECONNREFUSED' })
      const alone = await ground.start('uptime-monitor', 'alone', { values: { interval: '5 minutes' } })
      expect(JSON.parse(await content(alone.room('uptime/now.json')))).toEqual({ at: expect.any(String) as string, up: true })
      await (await ground.start('uptime-monitor', 'bad', { values: { check_url: 'ftp://example.test', interval: '1 hour' } })).logged(/not an http or https URL/)
    })
  })

  it('support agent: writes the fingerprint of exactly the token that was given, and needs one', async () => {
    const token = ` canary $HOME "quoted" 'single' \\ ü\nsecond line `
    const agent = await ground.start('support-agent', 'support', { secrets: { 'support-api-token': token } })
    expect((await content(agent.room('support-agent/token.sha256'))).trim()).toBe(createHash('sha256').update(token).digest('hex'))
    expect(await content(agent.room('support-agent/alive'))).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+Z\n$/)
    expect(await agent.logged(/Running with an API token/)).not.toContain('canary')
    expect(await agent.stop()).toBeLessThan(3000)
    await (await ground.start('support-agent', 'support')).logged(/SERVICE_API_TOKEN is required/)
  })

  describe('nightly backup', () => {
    const passphrase = 'canary horse battery staple'
    const values = { folder: 'documents', time_of_day: '00:00', keep_days: '7' }
    it('writes an encrypted backup that the copy beside it restores, byte for byte, with the passphrase alone', async () => {
      const files = { 'a.txt': 'plain canary text', 'deep/er/b.bin': randomBytes(300_000), 'empty': '', 'ümlaut 🙂.md': 'x' }
      await prepared('vault', 'documents', files)
      await prepared('vault', 'backups', Object.fromEntries(Array.from({ length: 9 }, (_, day) => [`2020-01-0${String(day + 1)}.lkb`, 'old'])))
      const backup = await ground.start('nightly-backup', 'vault', { values, secrets: { 'backup-passphrase': passphrase } })
      const log = await backup.logged(/Wrote \d{4}-\d\d-\d\d\.lkb/)
      expect(log).not.toContain('canary')
      const folder = backup.room('backups')
      const kept = (await readdir(folder)).filter((name) => name.endsWith('.lkb')).sort()
      expect(kept).toHaveLength(7)
      const newest = path.join(folder, kept.at(-1) ?? '')
      expect(log).toContain(path.basename(newest))
      expect((await readFile(newest)).includes('canary')).toBe(false)

      const restore = (file: string, target: string, secret: string): Promise<{ stdout: string }> =>
        promisify(execFile)(process.execPath, [path.join(folder, 'backup.mjs'), 'restore', file, target], { env: { ...process.env, BACKUP_PASSPHRASE: secret } })
      const target = path.join(ground.dataDir, 'restored')
      await restore(newest, target, passphrase)
      for (const [name, bytes] of Object.entries(files)) expect((await readFile(path.join(target, name))).equals(Buffer.from(bytes))).toBe(true)
      await expect(restore(newest, target, passphrase)).rejects.toThrow(/EEXIST/)
      await expect(restore(newest, `${target}-2`, `${passphrase}!`)).rejects.toThrow(/passphrase is wrong or the backup is damaged/)
      const damaged = await readFile(newest)
      damaged[100] = (damaged[100] ?? 0) ^ 1
      await writeFile(`${target}.lkb`, damaged)
      await expect(restore(`${target}.lkb`, `${target}-2`, passphrase)).rejects.toThrow(/passphrase is wrong or the backup is damaged/)
      expect(await readdir(ground.dataDir)).not.toContain('restored-2')
    })
    it('refuses to start without a passphrase or with a short one', async () => {
      await (await ground.start('nightly-backup', 'vault', { values })).logged(/BACKUP_PASSPHRASE is required/)
      await (await ground.start('nightly-backup', 'vault', { values, secrets: { 'backup-passphrase': 'eleven char' } })).logged(/shorter than 12 characters/)
    })
  })

  describe('signed relay', () => {
    it.each(['ed25519', 'rsa', 'ec'] as const)('delivers files signed with a PEM key (%s) that the published public key verifies', async (type) => {
      const pair = type === 'rsa' ? generateKeyPairSync(type, { modulusLength: 2048 }) : type === 'ec' ? generateKeyPairSync(type, { namedCurve: 'P-256' }) : generateKeyPairSync(type)
      const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      const seen: { body: Buffer; headers: http.IncomingHttpHeaders }[] = []
      const url = await receive((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
          const body = Buffer.concat(chunks)
          seen.push({ body, headers: request.headers })
          response.writeHead(body.includes('bad') ? 422 : seen.length === 1 ? 503 : 204).end()
        })
      })
      const room = `relay-${type}`
      await prepared(room, 'relay/outbox', { '1.json': '{"order":1}', '2 ü.bin': 'bad' })
      const relay = await ground.start('signed-relay', room, { values: { receiver_url: url, authorization: 'Bearer canary' }, secrets: { 'relay-private-key': privateKey } })
      const log = await relay.logged(/refused a file with status 422/)
      expect(log).toMatch(/answered with status 503; trying again later[^]*Delivered a file/)
      expect(log).not.toMatch(/canary|PRIVATE/)
      expect(await readdir(relay.room('relay/sent'))).toEqual(['1.json'])
      expect(await readdir(relay.room('relay/refused'))).toEqual(['2 ü.bin'])
      const published = await content(relay.room('relay/public-key.pem'))
      expect(published).toBe(pair.publicKey.export({ type: 'spki', format: 'pem' }).toString())
      expect(seen).toHaveLength(3)
      for (const { body, headers } of seen) {
        expect(verify(type === 'ed25519' ? null : 'sha256', body, published, Buffer.from(String(headers['x-signature']), 'base64'))).toBe(true)
        expect(headers.authorization).toBe('Bearer canary')
      }
    })
    it('refuses to start without a key, or with something else, without repeating it', async () => {
      const values = { receiver_url: 'https://receiver.example.test/' }
      await (await ground.start('signed-relay', 'r', { values })).logged(/RELAY_PRIVATE_KEY is required/)
      const log = await (await ground.start('signed-relay', 'r', { values, secrets: { 'relay-private-key': 'canary' } })).logged(/not a private key in PEM form/)
      expect(log).not.toContain('canary')
      await (await ground.start('signed-relay', 'r', { values: { receiver_url: 'file:///etc/passwd' }, secrets: { 'relay-private-key': 'x' } })).logged(/not an http or https URL/)
    })
  })
})
