import { RuntimeError, type Runtime } from '../runtime'

export interface DockerOptions {
  dataDir: string
  dockerHost: string | undefined
  instance: string
}

export interface DockerRuntime extends Runtime {
  /** Whether an engine answers within `limit` milliseconds. */
  answers(limit: number): Promise<boolean>
}

export function openDockerRuntime(_options: DockerOptions): DockerRuntime {
  const unavailable = (): never => {
    throw new RuntimeError('unavailable', 'No Docker engine answers.')
  }
  return {
    name: 'docker',
    answers: async () => false,
    health: async () => ({ available: false, reason: 'No Docker engine answers.', usesImage: true, isolation: 'container', isolationNote: 'Each service runs in a container of its own.' }),
    apply: async () => unavailable(),
    observe: async () => unavailable(),
    remove: async () => unavailable(),
    list: async () => unavailable(),
    logs: () => unavailable(),
    close: async () => undefined,
  }
}
