import type { Runtime, RuntimeHealth, RuntimeName } from './runtime'

export interface RuntimeSettings {
  choice: 'auto' | 'docker' | 'process'
  /** Absolute. */
  dataDir: string
  processUnsafe: boolean
  /** As the variable DOCKER_HOST: `unix://` or `tcp://`. Left out: the usual sockets of Docker and Podman. */
  dockerHost?: string | undefined
  /** Names this Latchkey for good: what another one made in the same engine is never touched. Letters, digits and dashes. */
  instance: string
}

/**
 * The runtime that the settings ask for. `auto` takes Docker if an engine answers within a second, else processes. Drivers load
 * only when chosen; whether the one returned can work is in its `health()`.
 */
export async function openRuntime(settings: RuntimeSettings): Promise<Runtime> {
  if (settings.choice !== 'process') {
    const { openDockerRuntime } = await import('./docker/docker-runtime')
    const docker = openDockerRuntime({ dataDir: settings.dataDir, dockerHost: settings.dockerHost, instance: settings.instance })
    if (settings.choice === 'docker' || (await docker.answers())) return docker
    await docker.close()
  }
  const { openProcessRuntime } = await import('./process/process-runtime')
  return openProcessRuntime({ dataDir: settings.dataDir, unsafe: settings.processUnsafe })
}

const titles: Record<RuntimeName, string> = { docker: 'Docker', process: 'Process', memory: 'Simulation' }

/** What pages say of a runtime: a title, whether it works, and how strongly it keeps services apart. */
export function describeRuntime(health: RuntimeHealth, name: RuntimeName): { title: string; status: string; imageNote: string | null; isolationNote: string } {
  return {
    title: titles[name],
    status: health.available ? 'Ready' : (health.reason ?? 'Not available'),
    imageNote: health.usesImage ? null : 'The image named by the manifest is not used.',
    isolationNote: health.isolationNote,
  }
}
