import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import https from 'node:https'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { fetchTemplate } from '../fetch-template'
import { selfSigned } from './self-signed.fixture'
import { failure, listening, serve, stopServers, YAML } from './servers.fixture'

afterAll(stopServers)

describe('TLS', () => {
  it('refuses a certificate that nobody trusts, and a server without TLS', async () => {
    const port = await listening(https.createServer(selfSigned, (_, response) => response.end(YAML)))
    const error = await failure(fetchTemplate(`https://localhost:${String(port)}/`, { allow: ['localhost'] }))
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/certificate of localhost:\d+ is not trusted/) as string })
    const plain = await serve((_, response) => response.end(YAML))
    expect((await failure(fetchTemplate(`https://${plain}/`, { allow: [plain] }))).message).toMatch(/TLS connection/)
  })

  it('fetches over trusted TLS, refuses the way down to http and a certificate for another name, and ignores proxy settings', async () => {
    let proxied = 0
    const proxy = net.createServer(() => proxied++)
    const proxyUrl = `http://127.0.0.1:${String(await listening(proxy))}`
    const plain = await serve((_, response) => response.end(YAML))
    const port = await listening(
      https.createServer(selfSigned, (request, response) => {
        if (request.url === '/down') response.writeHead(302, { location: `http://${plain}/` }).end()
        else response.end(YAML)
      }),
    )
    const up = await serve((request, response) => response.writeHead(302, { location: `https://localhost:${String(port)}${request.url ?? ''}` }).end())
    const folder = await mkdtemp(path.join(os.tmpdir(), 'latchkey-tls-'))
    try {
      await writeFile(path.join(folder, 'ca.pem'), selfSigned.cert)
      const links = [`https://localhost:${String(port)}/`, `https://localhost:${String(port)}/down`, `https://127.0.0.1:${String(port)}/`, `http://${up}/`, `http://${up}/down`]
      const script = `
        import { fetchTemplate } from './lib/manifest/fetch-template.ts'
        const results = []
        for (const link of ${JSON.stringify(links)}) {
          results.push(await fetchTemplate(link, { allow: ['localhost', '127.0.0.1'] }).then((found) => found.text, (error) => error.message))
        }
        console.log(JSON.stringify(results))`
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'), NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxyUrl, http_proxy: proxyUrl, HTTPS_PROXY: proxyUrl, https_proxy: proxyUrl },
      })
      expect(JSON.parse(stdout)).toEqual([
        YAML,
        `localhost:${String(port)} redirects from https to http, which is refused.`,
        expect.stringMatching(/certificate of 127\.0\.0\.1:\d+ is not trusted/),
        YAML,
        YAML,
      ])
      expect(proxied).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
