import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runAsRequest } from './context'
import { AppError } from './errors'
import { loggable, logTo, type LogFields } from './log'

const secret = 'hunter2-the-secret'

function logged(write: (log: ReturnType<typeof logTo>) => void, level = 'debug'): string {
  let text = ''
  write(logTo({ write: (line) => void (text += line) }, () => level))
  return text
}

const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('the log', () => {
  it('writes one JSON line with level, time, message and the request it belongs to', () => {
    const text = logged((log) => {
      runAsRequest('request-1', () => {
        log.info('installed', { roomId: 'r', count: 2 })
      })
    })
    expect(text.endsWith('\n')).toBe(true)
    expect(JSON.parse(text)).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/) as string, message: 'installed', requestId: 'request-1', roomId: 'r', count: 2 })
  })

  it('drops every field that is not on its list, and every value that is not plain', () => {
    const fields = { password: secret, value: secret, roomId: { secret }, headers: { cookie: secret } } as unknown as LogFields
    const text = logged((log) => {
      log.warn('kept short', fields)
    })
    expect(text).not.toContain(secret)
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['level', 'time', 'message'])
  })

  it('keeps below its level silent', () => {
    expect(logged((log) => log.info('quiet'), 'warn')).toBe('')
  })

  it.each<[what: string, error: unknown]>([
    ['a parser of JSON', thrown(() => JSON.parse(`{"a": ${secret}}`) as unknown)],
    ['a parser given text with quotes', thrown(() => JSON.parse(`x"${secret}"y`) as unknown)],
    ['a schema', thrown(() => z.enum(['a']).parse(secret))],
    ['a database', Object.assign(new Error(`invalid input syntax for type uuid: "${secret}"`), { code: '22P02', detail: `Key (email)=(${secret})` })],
    ['a request to an address', new TypeError(`Failed to parse URL from https://user:${secret}@host/`)],
    ['properties of an error', Object.assign(new Error('failed'), { config: { headers: { authorization: secret } }, value: secret })],
    ['a cause', new Error('failed', { cause: new Error(`of '${secret}'`) })],
    ['something that is no error', { secret }],
    ['a text', secret],
  ])('keeps what %s was given out of the line', (_what, error) => {
    const text = logged((log) => {
      log.error('failed', { error })
    })
    expect(text).not.toContain(secret)
    expect(JSON.parse(text)).toMatchObject({ message: 'failed', error: { name: expect.any(String) as string } })
  })

  it('keeps name, code, stack and causes of an error, and the public sentence of our own', () => {
    const cause = Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' })
    const error = loggable(new AppError('unavailable', `The engine "docker" does not answer.`, { cause }))
    expect(error).toMatchObject({ name: 'AppError', code: 'unavailable', message: 'The engine "docker" does not answer.', cause: { code: 'EHOSTUNREACH', message: 'no route' } })
    expect(error.stack).toMatch(/^\s+at /)
  })
})
