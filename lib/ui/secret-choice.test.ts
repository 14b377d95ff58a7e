import { expect, it } from 'vitest'
import { secretPlace, secretValue } from './secret-choice'

it('brings any owner and id through a form unchanged', () => {
  for (const place of [{ owner: 'support-agent', id: 'token' }, { owner: 'a/b', id: '%2F é\n"' }, { owner: '', id: '' }]) {
    expect(secretPlace(secretValue(place))).toEqual(place)
  }
})
it('refuses what it did not write', () => {
  for (const value of ['', 'a', 'a/b/c', '%/b', null, 3]) expect(secretPlace(value)).toBeNull()
})
