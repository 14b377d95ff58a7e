import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { Duplex, Readable } from 'node:stream'
import { bubblewrapCommand } from './bubblewrap'
import { findHostFacts } from './host-facts'
import { completeEnvironment, environmentFd, environmentScript, mountCheck, setupFd, statusFd } from './launcher'
import { planSandbox, type HostFacts, type StagedWorkload } from './sandbox-plan'
import { unshareCommand } from './unshare'
import { RuntimeError, type Workload } from '../runtime'

export type SandboxTool = 'bubblewrap' | 'unshare'

/** What to execute on the host, and what to send to its `setupFd`. */
export interface SandboxCommand {
  argv: string[]
  setup: string
}

export interface SandboxRequest {
  workload: Pick<Workload, 'emptyDirs' | 'writableRoot' | 'workingDir' | 'environment'>
  command: readonly string[]
  staged: StagedWorkload
  /** An empty directory to build on, of this workload alone. */
  root: string
}

/** A command that runs, or ran, in a sandbox. */
export interface SandboxedProcess {
  stdout: Readable
  stderr: Readable
  /** Resolves once the namespaces exist, with the process id, on this machine, of their process 1; null if they never did. */
  started: Promise<number | null>
  /** Resolves once everything inside is gone: exit code, or 128 + signal. */
  ended: Promise<number>
  kill(): void
}

export interface Sandbox {
  tool: SandboxTool | 'none'
  start(request: SandboxRequest): SandboxedProcess
}

export const asRoot = (): boolean => process.getuid?.() === 0

/** Nothing of the server's environment; what starts a sandbox needs only to be found. */
const hostEnvironment: Readonly<Record<string, string>> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' }

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

/** The exit code of a child in a shell's way: its status, or 128 + the signal that ended it; 127 if it could not be started. */
export function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('close', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal ?? 'SIGKILL'] ?? 9)))
  })
}

/** Sends text to a child's descriptor. That the child is already gone shows in its exit code. */
function send(pipe: Duplex, text: string): void {
  pipe.on('error', () => undefined)
  pipe.resume().end(text)
}

function startedPid(status: Duplex): Promise<number | null> {
  return new Promise((resolve) => {
    let text = ''
    status.setEncoding('utf8')
    status.on('error', () => resolve(null))
    status.on('data', (chunk: string) => {
      text += chunk
      const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1]
      if (pid !== undefined) resolve(Number(pid))
    })
    status.on('close', () => resolve(null))
  })
}

function startCommand(command: SandboxCommand, environment: string): SandboxedProcess {
  const [program = '', ...rest] = command.argv
  const options: SpawnOptions = { cwd: '/', env: { ...hostEnvironment } as NodeJS.ProcessEnv, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'] }
  const child = spawn(program, rest, options)
  const ended = endOf(child)
  const [stdout, stderr, setupPipe, environmentPipe, statusPipe] = [1, 2, setupFd, environmentFd, statusFd].map((fd) => child.stdio.at(fd))
  // Node makes every piped descriptor a two-way socket (child_process, options.stdio)
  if (!(stdout instanceof Readable && stderr instanceof Readable && setupPipe instanceof Duplex && environmentPipe instanceof Duplex && statusPipe instanceof Duplex)) {
    throw new RuntimeError('failed', 'The command could not be started: this process has no descriptors left.')
  }
  const started = startedPid(statusPipe)
  send(setupPipe, command.setup)
  send(environmentPipe, environment)
  return { stdout, stderr, started, ended, kill: () => child.kill('SIGKILL') }
}

function sandboxWith(tool: SandboxTool, host: HostFacts, canDisableUserns: boolean): Sandbox {
  return {
    tool,
    start({ workload, command, staged, root }) {
      const plan = planSandbox(workload, staged, host)
      const environment = mountCheck(staged.mounts) + environmentScript(completeEnvironment(workload.environment))
      const workingDir = workload.workingDir ?? '/'
      const built =
        tool === 'bubblewrap'
          ? bubblewrapCommand(plan, command, { workingDir, asRoot: asRoot(), canDisableUserns })
          : unshareCommand(plan, command, { workingDir, asRoot: asRoot(), root })
      return startCommand(built, environment)
    },
  }
}

const probePrefix = '.probe-'

/** Starts a real, empty sandbox. Returns null if it worked, else what the tool said. */
async function tryOut(sandbox: Sandbox, stateDir: string): Promise<string | null> {
  const root = await mkdtemp(path.join(stateDir, probePrefix))
  try {
    const child = sandbox.start({
      workload: { environment: [], emptyDirs: [], writableRoot: false, workingDir: null },
      command: ['/bin/sh', '-c', '[ "$(id -u)" != 0 ] && exec true'],
      staged: { files: [], mounts: [] },
      root,
    })
    const said: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
    child.stdout.resume()
    const limit = setTimeout(child.kill, 10_000)
    const code = await child.ended
    clearTimeout(limit)
    return code === 0 ? null : Buffer.concat(said).toString().trim().split('\n')[0] || `status ${code}`
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

export interface SandboxSearch {
  /** Directory of this driver; exists. */
  stateDir: string
  /** Must never be seen inside. */
  hidden: readonly string[]
  /** Which to try, best first. */
  tools: readonly SandboxTool[]
}

/** The first tool that really works here, or a sentence that says why none does. */
export async function findSandbox({ stateDir, hidden, tools }: SandboxSearch): Promise<Sandbox | string> {
  if (process.platform !== 'linux') return 'Services can be kept apart only on Linux.'
  const host = await findHostFacts(stateDir, hidden)
  for (const name of await readdir(stateDir)) if (name.startsWith(probePrefix)) await rm(path.join(stateDir, name), { recursive: true, force: true })
  const failures: string[] = []
  for (const tool of tools) {
    // bubblewrap before 0.8 cannot forbid namespaces inside; as root it never does
    const variants = tool === 'bubblewrap' && !asRoot() ? [true, false] : [false]
    for (const canDisableUserns of variants) {
      const sandbox = sandboxWith(tool, host, canDisableUserns)
      const failure = await tryOut(sandbox, stateDir)
      if (failure === null) return sandbox
      failures.push(`${tool}: ${failure}`)
    }
  }
  return `This machine does not let Latchkey keep services apart (${failures.join('; ')}).`
}
