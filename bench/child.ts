import { fork } from 'node:child_process'
import { cpSync } from 'node:fs'
import path from 'node:path'

/** The bench's own directory, which scripts/bench.mjs makes and removes. */
function benchData(): string {
  const directory = process.env['BENCH_DATA']
  if (directory === undefined) throw new Error('Start the bench with: npm run bench')
  return directory
}

/**
 * Runs a part of the bench in a process and on a migrated data directory of its own, and takes what it hands back with `handBack`.
 * @param settings environment variables on top of this process's
 * @throws Error when it fails or takes longer than `limit` milliseconds
 */
export function inOwnProcess<Result>(part: string, args: readonly string[], settings: Readonly<Record<string, string>>, limit: number): Promise<Result> {
  const data = path.join(benchData(), [part, ...args].join('-'))
  cpSync(path.join(benchData(), 'migrated'), data, { recursive: true })
  const child = fork(path.join(import.meta.dirname, `${part}.ts`), args, { env: { ...process.env, LATCHKEY_DATA: data, ...settings } })
  const stop = (): void => void child.kill('SIGTERM')
  // The part ends by the same signal, and so does the wait for it: who called can then clear up.
  const ends = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const end of ends) process.on(end, stop)
  return new Promise<Result>((resolve, reject) => {
    let result: { value: Result } | undefined
    const late = setTimeout(stop, limit)
    child.once('error', reject)
    child.on('message', (value) => (result = { value: value as Result }))
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      for (const end of ends) process.off(end, stop)
      if (code === 0 && result) resolve(result.value)
      else reject(new Error(`${[`bench/${part}.ts`, ...args].join(' ')} ended ${signal === null ? `with status ${code}` : `by ${signal}`}.`))
    })
  })
}

/** In the process that `inOwnProcess` started: hands over the result and ends. When it is ended early, it clears up first. */
export async function handBack(work: () => Promise<unknown>, clearUp: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  let ending: Promise<void> | undefined
  // A terminal signals both processes, and then the other one signals this one again.
  const end = (): void => void (ending ??= clearUp().finally(() => process.exit(1)))
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, end)
  const value = await work()
  await new Promise((resolve) => process.send?.(value, resolve))
  process.exit(0)
}
