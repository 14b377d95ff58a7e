import { expect, it } from 'vitest'
import { scopePhrases } from './scopes'

it('names what is allowed and leaves out what is not', () => {
  expect(scopePhrases({ livekit: {}, messaging: { list: true, send: true, broadcast: false }, admin: null, agents: { allowed_toolkits: null } })).toEqual([
    'livekit',
    'messaging: list, send',
    'agents',
  ])
})
it('shows lists whole', () => {
  expect(scopePhrases({ queues: { send: ['a', 'b'] } })).toEqual(['queues: send ["a","b"]'])
})
