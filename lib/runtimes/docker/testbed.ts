import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** An engine for tests, or why there is none. */
export type Testbed = { dockerHost: string; reason: null } | { dockerHost: null; reason: string }

/**
 * Starts the testbed's engine and builds its images, by the scripts beside this repository. Without them tests of this driver
 * are skipped, and each says so; where CI is set that is a failure instead.
 * @throws Error where CI is set and there is no engine.
 */
export async function startTestbed(): Promise<Testbed> {
  const script = path.resolve(import.meta.dirname, '../../../../shared/testbed/images')
  const attempt = async (): Promise<Testbed> => {
    if (!existsSync(script)) return { dockerHost: null, reason: 'the testbed is not beside this repository' }
    try {
      const { stdout } = await run(script, { timeout: 120_000 })
      const dockerHost = /^export DOCKER_HOST=(\S+)$/m.exec(stdout)?.[1]
      return dockerHost ? { dockerHost, reason: null } : { dockerHost: null, reason: 'the testbed named no engine' }
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : ''
      return { dockerHost: null, reason: `the testbed did not start: ${said || 'no reason given'}` }
    }
  }
  const testbed = await attempt()
  if (testbed.dockerHost === null) {
    if (process.env['CI']) throw new Error(`No engine for the tests of the docker runtime: ${testbed.reason}.`)
    console.warn(`SKIPPED: tests of the docker runtime, because ${testbed.reason}.`)
  }
  return testbed
}
