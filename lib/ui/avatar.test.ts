import { expect, it } from 'vitest'
import { avatarText } from './avatar'

it('shows an emoji, whole', () => {
  expect(avatarText('🎧', 'x')).toBe('🎧')
  expect(avatarText('👩🏽‍💻', 'x')).toBe('👩🏽‍💻')
  expect(avatarText('🇪🇺', 'x')).toBe('🇪🇺')
})
it('falls back to a letter for addresses, text and nothing', () => {
  expect(avatarText('https://example.com/a.png', 'support agent')).toBe('S')
  expect(avatarText('icon', '“élan”')).toBe('É')
  expect(avatarText(null, '')).toBe('?')
})
