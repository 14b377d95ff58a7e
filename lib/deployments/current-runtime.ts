import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { env } from '@/lib/env'
import { openRuntime } from '@/lib/runtimes/registry'
import type { RuntimeView } from '@/lib/install/views'
import type { Runtime } from '@/lib/runtimes/runtime'

const slot = Symbol.for('latchkey.runtime')
const store = globalThis as typeof globalThis & { [slot]?: Promise<Runtime> }

/** Tells what is ours from what another Latchkey on the same engine made. Made once, kept with the data. */
function instanceId(dataDir: string): string {
  const file = path.join(dataDir, 'instance-id')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, crypto.randomUUID().slice(0, 8), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(file, 'utf8').trim()
}

/** The runtime of this server, chosen once. */
export function currentRuntime(): Promise<Runtime> {
  const settings = env()
  return (store[slot] ??= openRuntime({
    choice: settings.LATCHKEY_RUNTIME,
    dataDir: settings.dataDir,
    processUnsafe: settings.LATCHKEY_PROCESS_UNSAFE,
    ...(settings.DOCKER_HOST === undefined ? {} : { dockerHost: settings.DOCKER_HOST }),
    instance: instanceId(settings.dataDir),
  }))
}

/** What pages say of the runtime of this server. */
export async function currentRuntimeView(): Promise<RuntimeView> {
  const runtime = await currentRuntime()
  return { name: runtime.name, ...(await runtime.health()) }
}
