import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { returnPath, signInPath } from './return-path'

const origin = 'http://localhost:3000'
const install = '/install?url=https%3A%2F%2Fexample.com%2Ft.yaml%3Fa%3D1%26b%3D2&x=1+2#form'

describe('the way back after signing in', () => {
  test('keeps an install link to the letter, as a path or in full', () => {
    expect(returnPath(install, origin)).toBe(install)
    expect(returnPath(origin + install, origin)).toBe(install)
    expect(new URL(signInPath(install), origin).searchParams.get('callbackUrl')).toBe(install)
  })

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'http://localhost:3000@evil.example/',
    'http://localhost:30001/',
    'http://localhost:3000.evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    ' //evil.example',
    'install',
    '',
    null,
    undefined,
  ])('never leads elsewhere: %j', (asked) => {
    expect(returnPath(asked, origin)).toBe('/')
  })

  test('stays at this server for any text at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string().map((text) => `/${text}`), fc.webUrl()), (asked) => {
        const path = returnPath(asked, origin)
        expect(path.startsWith('/')).toBe(true)
        expect(new URL(path, origin).origin).toBe(origin)
      }),
    )
  })
})
