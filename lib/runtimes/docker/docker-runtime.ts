import { chmod } from 'node:fs/promises'
import path from 'node:path'
import type Docker from 'dockerode'
import { checkWorkload } from '../check-workload'
import { isWithin } from '../inside-path'
import { prepareMountSource } from '../mount-source'
import { RuntimeError, type Observation, type Progress, type Runtime, type RuntimeHealth, type Workload, type WorkloadState } from '../runtime'
import { createTurns } from '../turns'
import { containerLogs } from './container-logs'
import { containerSpec, generationLabel, nameOf, ownLabels, planFiles, type SpecOptions } from './container-spec'
import { engineError, isMissing, isNoAnswer, startError } from './engine-error'
import { findEngine } from './engine'
import { ignoreMissing, makeFilesImage, removeFilesImages } from './files-image'
import { ensureImage } from './image'
import { tarOf } from './tar'

export interface DockerOptions {
  /** Absolute. Room storage below it is opened to the users that containers have. */
  dataDir: string
  dockerHost?: string | undefined
  instance: string
}

export interface DockerRuntime extends Runtime {
  /** Whether an engine answers. */
  answers(): Promise<boolean>
}

const isolationNote = 'Each service runs in a container of its own, without capabilities and with a read-only root unless its manifest asks for a writable one.'
/** Seconds between SIGTERM and SIGKILL. */
const stopLimit = 5

const stateOf = (status: string): WorkloadState => {
  if (status === 'running' || status === 'paused') return 'running'
  if (status === 'restarting') return 'restarting'
  return status === 'created' || status === 'initialized' || status === 'configured' ? 'starting' : 'exited'
}

const noObservation: Observation = { state: 'absent', generation: null, restarts: 0, exitCode: null, startedAt: null, imageDigest: null }

/** Runs workloads as containers of a Docker-compatible engine (Docker Engine API; Podman answers it too). They outlive this process. */
export function openDockerRuntime({ dataDir, dockerHost, instance }: DockerOptions): DockerRuntime {
  if (!/^[a-z0-9-]+$/.test(instance)) throw new RuntimeError('invalid', 'The name of a Latchkey in an engine has lower-case letters, digits and dashes only.')
  const engine = findEngine(dockerHost)
  const pulling = new Set<string>()
  const inTurn = createTurns()
  /** An engine forgets how a container ended when it starts it again. */
  const lastExit = new Map<string, number>()

  const call = async <T>(work: (docker: Docker) => Promise<T>): Promise<T> => {
    try {
      return await work(await engine.use())
    } catch (error) {
      if (isNoAnswer(error) || (error instanceof RuntimeError && error.code === 'unavailable')) engine.forget()
      throw error instanceof RuntimeError || (error instanceof Error && error.name === 'AbortError') ? error : engineError(error)
    }
  }

  /** The container of a workload; null when there is none. @throws RuntimeError `failed` when it is somebody else's. */
  const find = async (docker: Docker, id: string): Promise<Docker.ContainerInspectInfo | null> => {
    const info = await docker.getContainer(nameOf({ instance, id })).inspect().catch((error: unknown) => {
      if (isMissing(error)) return null
      throw error
    })
    if (!info) return null
    const isOwn = Object.entries(ownLabels(instance, id)).every(([name, value]) => info.Config.Labels[name] === value)
    if (!isOwn) throw new RuntimeError('failed', `A container named ${nameOf({ instance, id })} exists that this Latchkey did not make; remove or rename it.`)
    return info
  }

  const removeContainer = async (docker: Docker, info: Docker.ContainerInspectInfo): Promise<void> => {
    const container = docker.getContainer(info.Id)
    // 304 says that it has stopped already
    if (info.State.Running || info.State.Restarting) await container.stop({ t: stopLimit }).catch(() => undefined)
    await container.remove({ force: true, v: true }).catch(ignoreMissing)
    lastExit.delete(info.Id)
  }

  const prepareSources = (workload: Workload): Promise<string[]> =>
    Promise.all(
      workload.mounts.map(async (mount) => {
        const source = await prepareMountSource(mount.source, dataDir)
        // containers have users of their own and no right to pass over modes; the data directory keeps others out
        if (isWithin(source, path.resolve(dataDir))) await chmod(source, 0o777).catch(() => undefined)
        return source
      }),
    )

  const createAndStart = async (docker: Docker, workload: Workload, image: Docker.ImageInspectInfo, sources: string[]): Promise<void> => {
    const files = planFiles(workload, Object.keys(image.Config.Volumes ?? {}))
    const identity = { instance, id: workload.id }
    const options: SpecOptions = { instance, image: workload.image, imageConfig: image.Config, sources, init: true }
    containerSpec(workload, options)
    const old = await find(docker, workload.id)
    const baked = files.inRoot.length > 0 && !workload.writableRoot
    if (baked) options.image = await makeFilesImage(docker, identity, workload.generation, workload.image, files.inRoot)
    if (old) await removeContainer(docker, old)
    const late = [...files.inVolumes, ...(baked || files.inRoot.length === 0 ? [] : [['/', files.inRoot] as const])]
    const run = async (spec: Docker.ContainerCreateOptions): Promise<void> => {
      const container = await docker.createContainer(spec)
      try {
        for (const [place, content] of late) await container.putArchive(tarOf(content, place), { path: place })
        await container.start()
      } catch (error) {
        await container.remove({ force: true, v: true }).catch(() => undefined)
        throw error
      }
    }
    await run(containerSpec(workload, options)).catch((error: unknown) => {
      if (!(error instanceof Error && /docker-init|catatonit|init binary/i.test(error.message))) throw error
      return run(containerSpec(workload, { ...options, init: false }))
    })
    await removeFilesImages(docker, identity, baked ? options.image : undefined)
  }

  const replace = async (docker: Docker, workload: Workload, signal: AbortSignal, progress: Progress): Promise<void> => {
    const current = await find(docker, workload.id)
    const isCurrent = current?.Config.Labels[generationLabel] === String(workload.generation)
    const wasStarted = current !== null && stateOf(current.State.Status) !== 'starting'
    if (current && isCurrent && wasStarted) {
      if (stateOf(current.State.Status) !== 'exited') return
      progress('starting', 'Starting the container again')
      const again = await docker.getContainer(current.Id).start().then(() => true, () => false)
      if (again) return
    }
    pulling.add(workload.id)
    const image = await ensureImage(docker, workload.image, signal, progress).finally(() => pulling.delete(workload.id))
    signal.throwIfAborted()
    progress('starting', 'Starting the container')
    const sources = await prepareSources(workload)
    await createAndStart(docker, workload, image, sources).catch((error: unknown) => {
      if (isNoAnswer(error)) engine.forget()
      throw startError(error, workload.image)
    })
  }

  const answers = (): Promise<boolean> => engine.use().then(() => true, () => false)

  return {
    name: 'docker',
    answers,

    async health(): Promise<RuntimeHealth> {
      const reason = await call((docker) => docker.ping()).then(() => null, (error: unknown) => (error instanceof Error ? error.message : 'unknown error'))
      return { available: reason === null, reason, usesImage: true, isolation: 'container', isolationNote }
    },

    async apply(workload, { signal, progress }) {
      signal.throwIfAborted()
      checkWorkload(workload)
      await inTurn(workload.id, () => call((docker) => replace(docker, workload, signal, progress))).catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
    },

    observe: (id) =>
      call(async (docker) => {
        const info = await find(docker, id)
        if (!info) return { ...noObservation, state: pulling.has(id) ? 'pulling' : 'absent' }
        const state = stateOf(info.State.Status)
        if (state === 'restarting' || state === 'exited') lastExit.set(info.Id, info.State.ExitCode)
        return {
          state,
          generation: Number(info.Config.Labels[generationLabel]),
          restarts: info.RestartCount,
          exitCode: lastExit.get(info.Id) ?? null,
          startedAt: info.State.StartedAt.startsWith('0001-') ? null : new Date(info.State.StartedAt).toISOString(),
          imageDigest: info.Image,
        }
      }),

    remove: (id) =>
      inTurn(id, () =>
        call(async (docker) => {
          const label = Object.entries(ownLabels(instance, id)).map(([name, value]) => `${name}=${value}`)
          for (const { Id } of await docker.listContainers({ all: true, filters: { label } })) {
            const info = await docker.getContainer(Id).inspect().catch(() => null)
            if (info) await removeContainer(docker, info)
          }
          await removeFilesImages(docker, { instance, id })
        }),
      ),

    list: () =>
      call(async (docker) => {
        const label = Object.entries(ownLabels(instance)).map(([name, value]) => `${name}=${value}`)
        const containers = await docker.listContainers({ all: true, filters: { label } })
        return [...new Set(containers.flatMap((container) => container.Labels['latchkey.id'] ?? []))]
      }),

    async *logs(id, options) {
      const docker = await call((client) => Promise.resolve(client))
      const own = await call((client) => find(client, id))
      if (!own) return
      yield* containerLogs(docker, nameOf({ instance, id }), options)
    },

    async close() {
      engine.forget()
    },
  }
}
