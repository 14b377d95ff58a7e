import net from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { fetchTemplate } from '../fetch-template'
import { atEnd, failure, fetchFrom, listening, stopServers } from './servers.fixture'

afterAll(stopServers)

describe.concurrent('ten seconds in all', () => {
  const timed = async (attempt: () => Promise<unknown>): Promise<void> => {
    const started = Date.now()
    const error = await failure(attempt())
    const seconds = (Date.now() - started) / 1000
    expect(error.code).toBe('unavailable')
    expect(error.message).toMatch(/did not deliver the template within 10 seconds/)
    expect(seconds).toBeGreaterThan(9)
    expect(seconds).toBeLessThan(13)
  }
  const drip = (write: () => unknown): void => {
    const timer = setInterval(write, 100)
    atEnd(() => { clearInterval(timer) })
  }
  it('ends a body that drips', () => timed(() => fetchFrom((_, response) => { drip(() => response.write('a')) })))
  it('ends a head that drips', () =>
    timed(async () => {
      const port = await listening(net.createServer((socket) => { socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\nx: '); drip(() => socket.writable && socket.write('a')) }))
      return fetchTemplate(`http://127.0.0.1:${String(port)}/`, { allow: ['127.0.0.1'] })
    }))
  it('ends a TLS greeting that never comes', () =>
    timed(async () => fetchTemplate(`https://127.0.0.1:${String(await listening(net.createServer()))}/`, { allow: ['127.0.0.1'] })))
  it('ends a lookup that never answers', () => timed(() => fetchTemplate('http://slow.example.test/', { allow: [], lookup: () => undefined })))
  it('counts redirects into the same ten seconds', () =>
    timed(() => fetchFrom((request, response) => { setTimeout(() => response.writeHead(302, { location: `${request.url ?? ''}a` }).end(), 2500) })))
})
