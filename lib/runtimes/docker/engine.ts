import os from 'node:os'
import type Docker from 'dockerode'
import { RuntimeError } from '../runtime'

/** Sockets where an engine usually listens, Docker's first. */
const usualSockets = (): string[] => {
  const user = process.getuid?.() ?? 0
  return ['/var/run/docker.sock', `${os.homedir()}/.docker/run/docker.sock`, `/run/user/${user}/docker.sock`, '/run/podman/podman.sock', `/run/user/${user}/podman/podman.sock`]
}

type Address = { socketPath: string } | { host: string; port: number; protocol: 'http' }

function addressOf(dockerHost: string): Address {
  const url = URL.canParse(dockerHost) ? new URL(dockerHost) : null
  if (url?.protocol === 'unix:') return { socketPath: decodeURIComponent(url.pathname) }
  if (url?.protocol === 'tcp:' || url?.protocol === 'http:') return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 2375), protocol: 'http' }
  throw new RuntimeError('unavailable', 'DOCKER_HOST must begin with unix:// or tcp://; other ways to reach an engine are not supported.')
}

export interface Engine {
  /** The engine, found at the first call. @throws RuntimeError `unavailable` when none answers. */
  use(): Promise<Docker>
  /** To be called when a call failed for want of an answer: the next one looks again. */
  forget(): void
}

const within = async <T>(limit: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), limit)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Finds a Docker-compatible engine. `limit` is how long, in milliseconds, each address may take to answer. */
export function findEngine(dockerHost: string | undefined, limit = 1_000): Engine {
  let found: Promise<Docker> | null = null
  const search = async (): Promise<Docker> => {
    const addresses: Address[] = dockerHost === undefined ? usualSockets().map((socketPath) => ({ socketPath })) : [addressOf(dockerHost)]
    const { default: Client } = await import('dockerode')
    const clients = addresses.map((address) => new Client(address))
    const answers = await Promise.all(clients.map((client) => within(limit, client.ping()).then(() => true, () => false)))
    const first = clients.find((_, index) => answers[index])
    if (first) return first
    const where = dockerHost === undefined ? 'at the usual sockets of Docker and Podman' : 'at the address in DOCKER_HOST'
    throw new RuntimeError('unavailable', `No container engine answers ${where}. Start Docker, let this user open its socket, or set DOCKER_HOST.`)
  }
  return {
    async use() {
      found ??= search()
      try {
        return await found
      } catch (error) {
        found = null
        throw error
      }
    },
    forget: () => {
      found = null
    },
  }
}
