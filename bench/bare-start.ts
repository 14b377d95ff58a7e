import { spawn } from 'node:child_process'
import { once } from 'node:events'
import Docker from 'dockerode'
import { splitCommand } from '@/lib/runtimes/command-line'
import { COMMAND, IMAGE, SECRET } from './services'

const environment = { REQUIRE: 'TOKEN', TOKEN: SECRET.value }

/** @returns milliseconds from spawning the command to its first line */
export async function spawnDirectly(): Promise<number> {
  const [program = '', ...args] = splitCommand(COMMAND)
  const since = performance.now()
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const taken = performance.now() - since
  child.kill('SIGKILL')
  await once(child, 'exit')
  return taken
}

/** @returns milliseconds from asking the engine for a container to its first line */
export async function startContainer(docker: Docker): Promise<number> {
  const since = performance.now()
  const container = await docker.createContainer({ Image: IMAGE, Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`) })
  try {
    await container.start()
    const log = await container.logs({ follow: true, stdout: true, stderr: true })
    await once(log, 'data')
    return performance.now() - since
  } finally {
    await container.remove({ force: true, v: true })
  }
}

/** The engine at DOCKER_HOST. */
export const engine = (): Docker => new Docker({ socketPath: (process.env['DOCKER_HOST'] ?? '').replace('unix://', '') })
