import dns from 'node:dns'
import http, { type RequestListener } from 'node:http'
import net, { type LookupFunction } from 'node:net'
import zlib from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { AppError } from '@/lib/errors'
import { fetchTemplate } from './fetch-template'
import { answers, failure, fetchFrom, listening, serve, stopServers, YAML } from './fetch-template/servers.fixture'
import { MAX_TEMPLATE_BYTES } from './template-text'

afterAll(stopServers)

describe('a plain fetch', () => {
  it('gives the text and the URL, asks for no compression and sends no cookies', async () => {
    const heads: http.IncomingHttpHeaders[] = []
    const { text, finalUrl } = await fetchFrom((request, response) => {
      heads.push(request.headers)
      response.end(YAML)
    })
    expect(text).toBe(YAML)
    expect(finalUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/t\.yaml\?token=canary-query$/)
    expect(heads[0]).toMatchObject({ 'accept-encoding': 'identity' })
    expect(heads[0]).not.toHaveProperty('cookie')
  })
  it('drops a byte order mark', async () => {
    expect((await fetchFrom((_, response) => response.end(`\uFEFF${YAML}`))).text).toBe(YAML)
  })
  it.each([
    ['gzip', zlib.gzipSync],
    ['br', zlib.brotliCompressSync],
    ['deflate', zlib.deflateSync],
  ] as const)('reads a server that insists on %s', async (encoding, compress) => {
    const { text } = await fetchFrom((_, response) => response.setHeader('content-encoding', encoding).end(compress(YAML)))
    expect(text).toBe(YAML)
  })
})

describe('addresses', () => {
  it('connects to no loopback server that is not allow-listed, under any spelling', async () => {
    let connections = 0
    const server = http.createServer((_, response) => response.end(YAML))
    server.on('connection', () => connections++)
    const port = String(await listening(server))
    // Some resolvers do not know localhost with a final dot.
    const lookup: LookupFunction = (hostname, options, callback) => (hostname === 'localhost.' ? answers(['127.0.0.1']) : dns.lookup)(hostname, options, callback)
    const spellings = ['127.0.0.1', 'localhost', 'localhost.', '127.0.0.1.', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '%31%32%37.0.0.1', '①②⑦.0.0.1']
    for (const host of spellings) {
      const error = await failure(fetchTemplate(`http://${host}:${port}/`, { allow: ['127.0.0.1:1', 'localhost:1'], lookup }))
      expect([host, error.code, error.message]).toEqual([host, 'invalid', expect.stringMatching(/not at a public address/) as string])
    }
    expect(connections).toBe(0)
  })
  it.each(['http://169.254.169.254/latest/meta-data', 'http://10.0.0.1/', 'http://192.168.0.1/', 'http://100.64.0.1/', 'https://[fd00:ec2::254]/', 'https://[fe80::1]/'])('refuses %s', async (link) => {
    expect((await failure(fetchTemplate(link, { allow: [] }))).message).toMatch(/not at a public address/)
  })
  it('refuses a public name that resolves to a private address, or to a public and a private one', async () => {
    for (const addresses of [['127.0.0.1'], ['::1'], ['::ffff:10.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['2606:4700:4700::1111', '169.254.169.254']]) {
      const error = await failure(fetchTemplate('http://rebind.example.test/', { allow: [], lookup: answers(addresses) }))
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(/^rebind\.example\.test is not at a public address/) as string })
    }
  })
  it('refuses a name that turns private after the check: the peer itself is checked once connected', async () => {
    let requests = 0
    const port = await listening(http.createServer((_, response) => response.end(String(requests++))))
    let reads = 0
    const turncoat = {
      family: 4,
      get address() {
        return reads++ === 0 ? '93.184.216.34' : '127.0.0.1'
      },
    }
    const lookup: LookupFunction = (_hostname, _options, callback) => callback(null, [turncoat])
    const error = await failure(fetchTemplate(`http://rebind.example.test:${String(port)}/`, { allow: [], lookup }))
    expect(error.message).toMatch(/not at a public address/)
    expect(reads).toBeGreaterThan(1)
    expect(requests).toBe(0)
  })
  it('resolves each hop anew, so that a name that was public for the first request is refused for the second', async () => {
    const first = await serve((_, response) => response.writeHead(302, { location: 'http://rebind.example.test/' }).end())
    const error = await failure(fetchTemplate(`http://${first}/`, { allow: [first], lookup: answers(['127.0.0.1']) }))
    expect(error.message).toMatch(/^rebind\.example\.test is not/)
  })
  it('matches the allow-list with the name in the link, not with what it resolves to', async () => {
    const port = String(await listening(http.createServer((_, response) => response.end(YAML))))
    const lookup = answers(['127.0.0.1'])
    expect((await fetchTemplate(`http://dev.example.test:${port}/`, { allow: ['dev.example.test'], lookup })).text).toBe(YAML)
    expect((await failure(fetchTemplate(`http://other.example.test:${port}/`, { allow: ['127.0.0.1', 'dev.example.test'], lookup }))).code).toBe('invalid')
  })
})

describe('redirects', () => {
  const chain = (length: number): RequestListener => (request, response) => {
    const step = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('step') ?? 0)
    if (step < length) response.writeHead([301, 302, 303, 307, 308][step % 5] ?? 302, { location: `/next?step=${String(step + 1)}` }).end()
    else response.end(YAML)
  }
  it('follows five and refuses the sixth', async () => {
    const { text, finalUrl } = await fetchFrom(chain(5))
    expect(text).toBe(YAML)
    expect(finalUrl).toMatch(/\/next\?step=5$/)
    expect((await failure(fetchFrom(chain(6)))).message).toBe('The link redirects more than 5 times.')
  })
  it('ends a loop', async () => {
    expect((await failure(fetchFrom((request, response) => response.writeHead(302, { location: request.url ?? '/' }).end()))).message).toMatch(/more than 5/)
  })
  it.each([
    ['a file', 'file:///etc/passwd', /not an http or https URL/],
    ['a URL with a password', 'http://user:canary@example.test/', /user name or password/],
    ['loopback', 'http://127.0.0.1:1/', /not at a public address/],
    ['localhost', 'http://localhost/', /not at a public address/],
    ['a metadata address', '//169.254.169.254/latest?canary', /not at a public address/],
    ['no URL', 'http://[', /not a valid URL/],
    ['an endless URL', `/${'a'.repeat(5000)}`, /longer than 4096/],
  ])('refuses a redirect to %s', async (_what, location, reason) => {
    const error = await failure(fetchFrom((_, response) => response.writeHead(302, { location }).end()))
    expect(error.message).toMatch(reason)
    expect(error.code).toBe('invalid')
  })
  it('allow-lists hop by hop', async () => {
    const second = await serve((_, response) => response.end(YAML))
    const listener: RequestListener = (_, response) => response.writeHead(307, { location: `http://${second}/` }).end()
    expect((await failure(fetchFrom(listener))).message).toMatch(/not at a public address/)
    const first = await serve(listener)
    expect((await fetchTemplate(`http://${first}/`, { allow: [first, second] })).text).toBe(YAML)
  })
  it('treats a redirect without Location as a failed answer', async () => {
    expect((await failure(fetchFrom((_, response) => response.writeHead(302).end()))).message).toMatch(/status 302/)
  })
})

describe('size', () => {
  const big = 'a'.repeat(MAX_TEMPLATE_BYTES + 1)
  it('takes exactly 1 MiB', async () => {
    expect((await fetchFrom((_, response) => response.end(big.slice(1)))).text).toHaveLength(MAX_TEMPLATE_BYTES)
  })
  it('refuses by the announced length before the body arrives', async () => {
    const error = await failure(fetchFrom((_, response) => response.writeHead(200, { 'content-length': String(10 ** 12) }).flushHeaders()))
    expect(error).toMatchObject({ code: 'invalid', message: 'The template is larger than 1 MiB.' })
  })
  it('refuses an endless body without length after 1 MiB and hangs up', async () => {
    let sent = 0
    let hangUp: () => void = () => undefined
    const hungUp = new Promise<void>((resolve) => (hangUp = resolve))
    const error = await failure(
      fetchFrom((_, response) => {
        const more = (): void => {
          do sent += 65_536
          while (response.write(big.slice(0, 65_536)))
        }
        response.on('drain', more).on('close', hangUp)
        more()
      }),
    )
    expect(error.message).toBe('The template is larger than 1 MiB.')
    await hungUp
    expect(sent).toBeLessThan(64 * MAX_TEMPLATE_BYTES)
  })
  it.each([
    ['gzip', zlib.gzipSync],
    ['br', (bytes: Buffer) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['deflate', zlib.deflateSync],
  ] as const)('stops a %s bomb at 1 MiB of output', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(256 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(MAX_TEMPLATE_BYTES)
    const before = process.memoryUsage.rss()
    const error = await failure(fetchFrom((_, response) => response.setHeader('content-encoding', encoding).end(bomb)))
    expect(error.message).toBe('The template is larger than 1 MiB.')
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
  })
  it('refuses encodings it does not know, stacked ones included', async () => {
    for (const encoding of ['zstd', 'gzip, gzip', 'constructor']) {
      expect((await failure(fetchFrom((_, response) => response.setHeader('content-encoding', encoding).end(YAML)))).message).toMatch(/compressed the template in a way/)
    }
  })
})

describe('content', () => {
  it('points from a web page to the raw file', async () => {
    const page = (type: string, body: string): Promise<AppError> => failure(fetchFrom((_, response) => response.setHeader('content-type', type).end(body)))
    expect((await page('text/html; charset=utf-8', '\n<!DOCTYPE html><p>canary')).message).toMatch(/raw file/)
    expect((await page('text/plain', '<html lang="en">')).message).toMatch(/raw file/)
    expect((await page('text/html', '<p>')).message).toMatch(/raw file/)
  })
  it('takes YAML that is mislabelled as HTML', async () => {
    expect((await fetchFrom((_, response) => response.setHeader('content-type', 'text/html').end(YAML))).text).toBe(YAML)
  })
  it('refuses binary and other encodings', async () => {
    expect((await failure(fetchFrom((_, response) => response.end(Buffer.of(1, 0, 2))))).message).toMatch(/NUL/)
    expect((await failure(fetchFrom((_, response) => response.end(Buffer.of(0x61, 0xe9))))).message).toMatch(/UTF-8/)
  })
  it.each([
    [404, 'invalid'],
    [403, 'invalid'],
    [204, 'invalid'],
    [429, 'unavailable'],
    [500, 'unavailable'],
  ] as const)('names status %i', async (status, code) => {
    const error = await failure(fetchFrom((_, response) => response.writeHead(status).end()))
    expect(error.message).toContain(`status ${String(status)}`)
    expect(error.code).toBe(code)
  })
})

describe('faults', () => {
  it('names a host that does not exist', async () => {
    const lookup: LookupFunction = (_hostname, _options, callback) => callback(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), [])
    expect(await failure(fetchTemplate('https://nowhere.example.test/?canary', { allow: [], lookup }))).toMatchObject({ code: 'unavailable', message: 'The host nowhere.example.test was not found.' })
  })
  it('names a refused connection', async () => {
    const server = net.createServer()
    const port = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    const error = await failure(fetchTemplate(`http://localhost:${String(port)}/`, { allow: ['localhost'] }))
    expect(error).toMatchObject({ code: 'unavailable', message: `localhost:${String(port)} refused the connection.` })
  })
  it('names an answer that is no HTTP, and one that breaks off', async () => {
    const raw = async (bytes: string): Promise<AppError> => {
      const port = String(await listening(net.createServer((socket) => socket.on('error', () => undefined).end(bytes))))
      return failure(fetchTemplate(`http://127.0.0.1:${port}/`, { allow: ['127.0.0.1'] }))
    }
    expect((await raw('SSH-2.0-x\r\n\r\n')).message).toMatch(/valid HTTP/)
    expect((await raw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nversion')).message).toMatch(/closed the connection before/)
    expect((await raw(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`)).message).toMatch(/valid HTTP/)
    expect((await raw('')).message).toMatch(/closed the connection before/)
  })
  it('names a damaged compression', async () => {
    expect((await failure(fetchFrom((_, response) => response.setHeader('content-encoding', 'gzip').end('not gzip')))).message).toMatch(/damaged/)
    expect((await failure(fetchFrom((_, response) => response.setHeader('content-encoding', 'gzip').end(zlib.gzipSync(YAML).subarray(0, 20))))).message).toMatch(/damaged/)
  })
  it('ends at once when the caller gives up', async () => {
    const abort = new AbortController()
    const started = Date.now()
    const attempt = failure(fetchFrom(() => { abort.abort() }, { signal: abort.signal }))
    expect((await attempt).message).toMatch(/cancelled/)
    expect(Date.now() - started).toBeLessThan(2000)
  })
})
