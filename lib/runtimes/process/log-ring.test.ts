import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LogLine } from '../runtime'
import { openLogRing, ringFileSize } from './log-ring'
import { restartDelay } from './supervisor'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'latchkey-log-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const line = (text: string): LogLine => ({ at: '2026-01-01T00:00:00.000Z', stream: 'stdout', text })
const read = async (tail: number): Promise<string[]> => {
  const texts: string[] = []
  for await (const { text } of openLogRing(directory).read({ tail, follow: false, signal: new AbortController().signal })) texts.push(text)
  return texts
}

it('keeps the newest lines in two bounded files that only the server may read', async () => {
  const ring = openLogRing(path.join(directory))
  for (let batch = 0; batch < 40; batch += 1) await ring.append(Array.from({ length: 100 }, (_, index) => line(`${batch * 100 + index} ${'x'.repeat(990)}`)))
  await ring.close()
  for (const name of await readdir(directory)) {
    const { size, mode } = await stat(path.join(directory, name))
    expect(size).toBeLessThanOrEqual(ringFileSize)
    expect(mode & 0o777).toBe(0o600)
  }
  expect((await readdir(directory)).sort()).toEqual(['current', 'previous'])
  const numbers = (await read(1_000)).map((text) => Number(text.split(' ')[0]))
  expect(numbers).toEqual(Array.from({ length: 1_000 }, (_, index) => 3_000 + index))
})

it('goes on after a last line that was cut off, and reads none of it', async () => {
  const ring = openLogRing(directory)
  await ring.append([line('one')])
  await ring.close()
  await writeFile(path.join(directory, 'current'), '["2026-01-01T00:00:00.000Z","stdout","tw', { flag: 'a' })
  const again = openLogRing(directory)
  await again.append([line('three'), line('four')])
  await again.close()
  expect(await read(10)).toEqual(['one', 'three', 'four'])
})

it('gives every reader each line once, in order, while lines arrive', async () => {
  const ring = openLogRing(directory)
  const follow = async (): Promise<string[]> => {
    const texts: string[] = []
    for await (const { text } of ring.read({ tail: 1_000, follow: true, signal: new AbortController().signal })) if (texts.push(text) === 200) break
    return texts
  }
  const readers: Promise<string[]>[] = []
  for (let index = 0; index < 200; index += 1) {
    void ring.append([line(String(index))])
    if (index % 50 === 0) readers.push(follow())
  }
  for (const texts of await Promise.all(readers)) expect(texts).toEqual(Array.from({ length: 200 }, (_, index) => String(index)))
  await ring.close()
})

it('lets a service go on when its log cannot be written', async () => {
  const file = path.join(directory, 'not-a-directory')
  await writeFile(file, '')
  await expect(openLogRing(path.join(file, 'log')).append([line('lost')])).resolves.toBeUndefined()
})

it('waits longer after each failure, a minute at most, and never in step with others', () => {
  expect([1, 2, 3, 6, 7, 50].map((failures) => restartDelay(failures, 1))).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000])
  expect([1, 2, 50].map((failures) => restartDelay(failures, 0))).toEqual([500, 1_000, 30_000])
})
