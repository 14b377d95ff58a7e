import { afterAll, beforeAll, expect, test } from 'vitest'
import { forgetSettings } from '@/lib/env'
import { markOwn, ownText } from './own-text'

const before = process.env['LATCHKEY_AUTH_SECRET']
beforeAll(() => {
  process.env['LATCHKEY_AUTH_SECRET'] = 'for this test only, and long enough'
  forgetSettings()
})
afterAll(() => {
  if (before === undefined) delete process.env['LATCHKEY_AUTH_SECRET']
  else process.env['LATCHKEY_AUTH_SECRET'] = before
  forgetSettings()
})

test('a text is a person’s own only as it was marked for them here', () => {
  const marked = markOwn('ann', 'every tick')
  expect(ownText('ann', marked)).toBe('every tick')
  expect(ownText('bob', marked)).toBeUndefined()
  expect(ownText('ann', `${marked}s`)).toBeUndefined()
  for (const forged of [undefined, '', '.', 'every tick', `${'A'.repeat(43)}.every tick`, marked.replace('.', '')]) expect(ownText('ann', forged)).toBeUndefined()
})
