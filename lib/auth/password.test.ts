import { describe, expect, test } from 'vitest'
import { hashPassword, passwordMatches } from './password'
import { NewPassword } from './password-policy'

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

describe('a stored password', () => {
  test('is argon2id in PHC form with its parameters', async () => {
    expect(await hashPassword('correct horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{20,}\$[^$]{40,}$/)
  })

  test('matches itself alone: spaces at the ends and case count', async () => {
    const kept = await hashPassword(' correct horse ')
    expect(await passwordMatches(kept, ' correct horse ')).toBe(true)
    for (const other of ['correct horse', ' Correct horse ', ' correct horse', '']) expect(await passwordMatches(kept, other)).toBe(false)
  })

  test('never matches for somebody without one, not even the stand-in text', async () => {
    expect(await passwordMatches(null, 'stand-in for people without a password')).toBe(false)
  })

  test('takes the same work for unknown people as for known ones', async () => {
    const kept = await hashPassword('correct horse')
    await passwordMatches(null, 'warm up')
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < 9; round++) {
      known.push(await milliseconds(() => passwordMatches(kept, 'wrong horse')))
      unknown.push(await milliseconds(() => passwordMatches(null, 'wrong horse')))
    }
    expect(median(unknown)).toBeGreaterThan(median(known) / 3)
    expect(median(unknown)).toBeLessThan(median(known) * 3)
  })

  test('costs no hashing when the text is longer than a password may be', async () => {
    const kept = await hashPassword('correct horse')
    const long = 'x'.repeat(1_000_000)
    expect(await milliseconds(() => passwordMatches(kept, long))).toBeLessThan(await milliseconds(() => passwordMatches(kept, 'wrong horse')))
    expect(await passwordMatches(kept, long)).toBe(false)
  })
})

describe('a new password', () => {
  test('needs ten characters, counted as people count', () => {
    expect(NewPassword.safeParse('123456789').success).toBe(false)
    expect(NewPassword.safeParse('🚀'.repeat(9)).success).toBe(false)
    expect(NewPassword.safeParse('1234567890').success).toBe(true)
  })

  test('has at most 512 bytes', () => {
    expect(NewPassword.safeParse('ä'.repeat(256)).success).toBe(true)
    expect(NewPassword.safeParse('ä'.repeat(256) + 'x').success).toBe(false)
  })

  test('is kept as typed', () => {
    expect(NewPassword.parse('  ten chars  ')).toBe('  ten chars  ')
  })
})
