import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const TESTBED = path.resolve('..', 'shared', 'testbed')
const LIMIT_MS = 60_000

export type Engine = { readonly host: string; close(): Promise<void> } | { readonly reason: string }

const script = async (name: string): Promise<string> => (await promisify(execFile)('bash', [path.join(TESTBED, name)], { timeout: LIMIT_MS })).stdout

/** The engine and images of ../shared/testbed. One that ran before is left running. */
export async function openEngine(): Promise<Engine> {
  if (!existsSync(TESTBED)) return { reason: '../shared/testbed, which brings the engine and the image, is not there' }
  try {
    const told = await script('docker-up')
    const host = /^export DOCKER_HOST=(\S+)$/m.exec(told)?.[1]
    if (host === undefined) return { reason: 'the testbed named no engine' }
    const wasUp = /already up|reused/.test(told)
    await script('images')
    return {
      host,
      close: async () => {
        if (!wasUp) await script('docker-down')
      },
    }
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim().split('\n').at(-1) : ''
    return { reason: `the testbed's engine does not start${said ? `: ${said}` : ''}` }
  }
}
