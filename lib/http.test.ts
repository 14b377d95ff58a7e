import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy'
import { AppError, errorTable, type ErrorCode } from './errors'
import { forgetSettings } from './env'
import { toResponse } from './http'

process.env['LATCHKEY_LOG_LEVEL'] = 'silent'
forgetSettings()

describe('the answer to a failed request', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])('has the status of its code: %s', async (code) => {
    const response = toResponse(new AppError(code, 'A public sentence.', { cause: new Error('inner'), fields: { name: 'Too long.' } }))
    expect(response.status).toBe(errorTable[code].status)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ error: 'A public sentence.', code, fields: { name: 'Too long.' } })
  })

  it('says nothing of an unexpected error', async () => {
    const response = toResponse(new Error('connection to 10.0.0.1 failed'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('10.0.0.1')
  })
})

describe('the policy of a page', () => {
  const policy = (options: Partial<Parameters<typeof contentSecurityPolicy>[1]> = {}): string =>
    contentSecurityPolicy('abc', { secure: false, development: false, formTargets: [], ...options })

  it('lets no script run without the nonce, no frame around it, and no form lead elsewhere', () => {
    expect(policy()).toContain(`script-src 'self' 'nonce-abc' 'strict-dynamic';`)
    expect(policy()).toContain(`frame-ancestors 'none'`)
    expect(policy()).toContain(`form-action 'self';`)
    expect(policy()).not.toMatch(/unsafe-eval|upgrade-insecure/)
  })

  it('lets sign-in lead to the provider, and asks for https only where there is https', () => {
    expect(policy({ formTargets: ['https://id.example.com'] })).toContain(`form-action 'self' https://id.example.com;`)
    expect(policy({ secure: true })).toContain('upgrade-insecure-requests')
  })
})
