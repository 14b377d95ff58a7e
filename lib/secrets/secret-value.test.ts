import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { SecretValue } from './secret-value'

const canary = 'canary-5f1e'

it('prints [secret] on every road to text', () => {
  const value = SecretValue.fromText(canary)
  const error = new Error('failed', { cause: value })
  for (const text of [String(value), value.toString(), JSON.stringify({ value }), inspect(value), inspect({ deep: [value] }), inspect(error), inspect(value, { showHidden: true })]) {
    expect(text).not.toContain(canary)
    expect(text).not.toContain(Buffer.from(canary).toString('hex').slice(0, 8))
  }
  expect(Object.keys(value)).toEqual([])
  expect(value.reveal().toString()).toBe(canary)
})

it('cannot be changed through what it was made from or what it gave out', () => {
  const bytes = Buffer.from(canary)
  const value = SecretValue.fromBytes(bytes)
  bytes.fill(0)
  value.reveal().fill(0)
  expect(value.reveal().toString()).toBe(canary)
})
