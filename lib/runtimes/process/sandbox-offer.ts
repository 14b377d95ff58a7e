import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SandboxTool } from './sandbox'

const run = promisify(execFile)

const trials: Record<SandboxTool, [string, ...string[]]> = {
  bubblewrap: ['bwrap', '--ro-bind', '/', '/', '--proc', '/proc', '--unshare-user', '--unshare-pid', 'true'],
  unshare: ['unshare', '--user', '--map-root-user', '--mount', '--pid', '--fork', '--mount-proc', 'true'],
}

/**
 * For tests: why this machine does not let `user` (null: this one) make namespaces with a tool, or null if it does. Asks the
 * tool itself, so that a defect of the driver never looks like a lack of the machine.
 */
export async function whyNotOffered(tool: SandboxTool, user: number | null = null): Promise<string | null> {
  const [program, ...args] = trials[tool]
  try {
    await run(program, args, { cwd: '/', timeout: 10_000, ...(user === null ? {} : { uid: user, gid: user }) })
    return null
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? `${program} is not installed` : `${program} cannot make namespaces here`
    process.stderr.write(`SKIPPED: tests of services in ${tool}${user === null ? '' : ' by an ordinary user'}, because ${why}.\n`)
    return why
  }
}
