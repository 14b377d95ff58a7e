import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const LIMIT_MS = 60_000
const LOOK_MS = 100

/** Runs a program of Node to its end. @throws Error with what it said last */
export async function runNode(args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} failed:\n${said.trim().split('\n').slice(-20).join('\n')}`)
}

/** Uses a server, from when `address` answers 200 until `use` is done. */
export async function withServer<T>(args: readonly string[], options: { cwd: string; env: Readonly<Record<string, string>>; address: string }, use: () => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'ignore', 'inherit'] })
  const stop = (): void => void child.kill('SIGTERM')
  process.once('exit', stop)
  try {
    await answers(child, options.address)
    return await use()
  } finally {
    process.off('exit', stop)
    stop()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function answers(child: ChildProcess, address: string): Promise<void> {
  const until = performance.now() + LIMIT_MS
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`The server for ${address} ended with status ${child.exitCode}.`)
    if (await fetch(address).then((answer) => answer.ok, () => false)) return
    await sleep(LOOK_MS)
  }
  throw new Error(`${address} did not answer within ${LIMIT_MS / 1000} s.`)
}
