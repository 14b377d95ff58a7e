/**
 * Runs one workload with the process driver, for tests that need another user or a server that is killed.
 * Argument: JSON of `ChildRequest`. Prints JSON lines: {ready}, then each log line as {text}.
 */
import { openProcessRuntime } from './process-runtime'
import type { SandboxTool } from './sandbox'
import type { Workload } from '../runtime'

export interface ChildRequest {
  dataDir: string
  tool: SandboxTool
  workload: Workload
  user: number | null
}

const request = JSON.parse(process.argv[2] ?? '') as ChildRequest
if (request.user !== null) {
  process.setgroups?.([])
  process.setgid?.(request.user)
  process.setuid?.(request.user)
}
// a project below /usr must be as invisible as any other
process.chdir('/usr/share/doc')
const runtime = openProcessRuntime({ dataDir: request.dataDir, unsafe: false, tools: [request.tool] })
const signal = new AbortController().signal
const say = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`)
try {
  await runtime.apply(request.workload, { signal, progress: () => undefined })
  say({ ready: true })
  for await (const { text } of runtime.logs(request.workload.id, { tail: 1_000, follow: true, signal })) say({ text })
} catch (error) {
  say({ failed: error instanceof Error ? error.message : 'unknown error' })
  process.exit(1)
}
