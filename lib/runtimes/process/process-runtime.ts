import { lstat, mkdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { checkWorkload, isWorkloadId } from '../check-workload'
import { splitCommand } from '../command-line'
import { createMask } from '../mask'
import { RuntimeError, type Observation, type Runtime, type RuntimeHealth, type Workload } from '../runtime'
import { createTurns } from '../turns'
import { completeEnvironment, environmentScript } from './launcher'
import { openLogRing, type LogRing } from './log-ring'
import { listRunDirectories, prepareRun, readRecord, removeRun } from './run-directory'
import { checkPlaces } from './sandbox-plan'
import { findSandbox, type Sandbox, type SandboxTool } from './sandbox'
import { supervise, type Supervisor } from './supervisor'
import { openUnsafe } from './unsafe'

export interface ProcessOptions {
  /** Absolute. Everything of this driver lies in its `services` directory. */
  dataDir: string
  /** Run services without any isolation where the machine offers none. */
  unsafe: boolean
  /** Which sandboxes to try, best first. */
  tools?: readonly SandboxTool[]
  /** Milliseconds before a restart, by the number of ends in a row. */
  delay?: (failures: number) => number
}

interface Service {
  generation: number
  supervisor: Supervisor
}

const isolationNote = 'The image is not used: the command runs on this machine, with the programs installed here, as an ordinary user in private Linux namespaces. It sees a read-only /usr, its own files and the room’s storage, and shares the network.'
const unsafeNote = 'The image is not used: the command runs on this machine as the user who runs Latchkey and can read everything that user can, Latchkey’s own data included.'

/**
 * Runs a workload's command as a process of this machine, apart from everything else on it: bubblewrap or util-linux's unshare
 * make the namespaces. Services end with this process, however it ends.
 */
export function openProcessRuntime({ dataDir, unsafe, tools = ['bubblewrap', 'unshare'], delay }: ProcessOptions): Runtime {
  const stateDir = path.join(dataDir, 'services')
  const services = new Map<string, Service>()
  const logs = new Map<string, LogRing>()
  const inTurn = createTurns()
  let found: Promise<Sandbox | string> | null = null
  let closed = false

  const search = async (): Promise<Sandbox | string> => {
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
    const hidden = [dataDir, process.cwd(), os.homedir()].filter((directory) => directory !== '/')
    const sandbox = await findSandbox({ stateDir, hidden, tools })
    return typeof sandbox === 'string' && unsafe ? openUnsafe(stateDir) : sandbox
  }

  /** Looked for once; a machine where nothing works is asked again. */
  const sandbox = async (): Promise<Sandbox | string> => {
    found ??= search().catch((error: unknown) => {
      throw new RuntimeError('failed', `The services directory cannot be used: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'}.`, { cause: error })
    })
    try {
      const result = await found
      if (typeof result === 'string') found = null
      return result
    } catch (error) {
      found = null
      throw error
    }
  }

  const logOf = (id: string): LogRing => {
    const ring = logs.get(id) ?? openLogRing(path.join(stateDir, id, 'log'))
    logs.set(id, ring)
    return ring
  }

  const stop = async (id: string): Promise<void> => {
    await services.get(id)?.supervisor.stop()
    services.delete(id)
  }

  const startService = async (workload: Workload, tool: Sandbox): Promise<void> => {
    const command = splitCommand(workload.command)
    const directory = path.join(stateDir, workload.id)
    const staged = await prepareRun(directory, workload, dataDir).catch((error: unknown) => {
      if (error instanceof RuntimeError) throw error
      throw new RuntimeError('failed', `The files of the service could not be written: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'}.`, { cause: error })
    })
    const supervisor = supervise({
      generation: workload.generation,
      start: () => tool.start({ workload, command, staged, root: path.join(directory, 'root') }),
      mask: createMask(workload.environment),
      log: logOf(workload.id),
      ...(delay ? { delay } : {}),
    })
    services.set(workload.id, { generation: workload.generation, supervisor })
    await supervisor.ready.catch((error: unknown) => {
      services.delete(workload.id)
      throw error instanceof RuntimeError ? error : new RuntimeError('failed', 'The command could not be started.', { cause: error })
    })
  }

  return {
    name: 'process',

    async health(): Promise<RuntimeHealth> {
      const tool = await sandbox().catch((error: unknown) => (error instanceof Error ? error.message : 'unknown error'))
      const available = typeof tool !== 'string'
      const isUnsafe = available && tool.tool === 'none'
      return {
        available,
        reason: available ? null : `${tool} Install bubblewrap, use Docker, or set LATCHKEY_PROCESS_UNSAFE=1 to run services without isolation.`,
        usesImage: false,
        isolation: isUnsafe ? 'none' : 'namespaces',
        isolationNote: isUnsafe ? unsafeNote : isolationNote,
      }
    },

    async apply(workload, { signal, progress }) {
      signal.throwIfAborted()
      checkWorkload(workload)
      splitCommand(workload.command)
      checkPlaces(workload)
      environmentScript(completeEnvironment(workload.environment))
      await inTurn(workload.id, async () => {
        const running = services.get(workload.id)
        if (running?.generation === workload.generation) return
        const tool = await sandbox()
        if (typeof tool === 'string') throw new RuntimeError('unavailable', tool)
        signal.throwIfAborted()
        if (closed) throw new RuntimeError('unavailable', 'The runtime has been closed.')
        progress('starting', 'Starting the command')
        await stop(workload.id)
        await startService(workload, tool)
      })
    },

    async observe(id): Promise<Observation> {
      const running = services.get(id)
      if (running) return running.supervisor.observation()
      const record = isWorkloadId(id) ? await readRecord(path.join(stateDir, id)) : null
      const state = record ? 'exited' : 'absent'
      return { state, generation: record?.generation ?? null, restarts: 0, exitCode: null, startedAt: null, imageDigest: null }
    },

    async remove(id) {
      if (!isWorkloadId(id)) return
      await inTurn(id, async () => {
        await stop(id)
        await logs.get(id)?.close()
        logs.delete(id)
        await removeRun(path.join(stateDir, id))
      })
    },

    list: () => listRunDirectories(stateDir),

    async *logs(id, options) {
      const directory = isWorkloadId(id) ? await lstat(path.join(stateDir, id)).catch(() => null) : null
      if (directory) yield* logOf(id).read(options)
    },

    async close() {
      closed = true
      await Promise.all([...services.keys()].map((id) => inTurn(id, () => stop(id))))
      await Promise.all([...logs.values()].map((ring) => ring.close()))
      logs.clear()
    },
  }
}
