import { mkdtemp, readFile, rm } from 'node:fs/promises'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { inspectTemplate } from '@/lib/manifest/inspect'
import { renderService } from '@/lib/manifest/render'
import { openRuntime } from '@/lib/runtimes/registry'
import type { LogLine, Runtime } from '@/lib/runtimes/runtime'
import { catalogueText } from './catalogue'

/** For tests only: catalogue templates on the real process runtime. */

export interface Inputs {
  values?: Readonly<Record<string, string>>
  /** By secret id. */
  secrets?: Readonly<Record<string, string>>
}

export interface Running {
  /** A file or folder of the room's storage. */
  room(name: string): string
  /** The log once it holds `pattern`; fails after 10 s. */
  logged(pattern: RegExp): Promise<string>
  log(): Promise<string>
  /** Ends the service and returns after how many milliseconds it was gone. */
  stop(): Promise<number>
}

export interface Ground {
  dataDir: string
  runtime: Runtime
  start(template: string, room: string, inputs?: Inputs): Promise<Running>
  close(): Promise<void>
}

/** A data directory with a process runtime in it. */
export async function openGround(): Promise<Ground> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'latchkey-catalogue-'))
  const runtime = await openRuntime({ choice: 'process', dataDir, processUnsafe: false, instance: 'catalogue' })
  let count = 0

  async function start(template: string, room: string, { values = {}, secrets = {} }: Inputs = {}): Promise<Running> {
    const text = await catalogueText(template)
    const given = inspectTemplate(text).secrets.writes.filter(({ id }) => secrets[id] !== undefined)
    const rendered = renderService(text, { values, secretsGiven: new Set(given.map(({ variable }) => variable)) })
    const container = rendered.ok ? rendered.service.container : undefined
    if (!container) throw new Error(`${template} cannot be rendered: ${rendered.ok ? 'no container' : rendered.errors.map(({ message }) => message).join(' ')}`)
    const id = `${template}-${String(++count)}`
    const place = (name: string): string => path.join(dataDir, 'rooms', room, name)
    await runtime.apply(
      {
        id,
        generation: 1,
        labels: {},
        image: container.image,
        command: container.command ?? null,
        workingDir: null,
        environment: (container.environment ?? []).flatMap(({ name, value, secret }) => {
          const known = secret ? secrets[secret.id] : value
          return known === undefined ? [] : [{ name, value: known, sensitive: secret !== undefined }]
        }),
        mounts: (container.storage?.room ?? []).map((mount) => ({ source: place(mount.subpath ?? ''), path: mount.path, readOnly: mount.read_only })),
        files: (container.storage?.files ?? []).map((file) => ({ path: file.path, text: file.text, readOnly: file.read_only })),
        emptyDirs: [],
        ports: [],
        writableRoot: false,
      },
      { signal: AbortSignal.timeout(20_000), progress: () => undefined },
    )
    const log = async (): Promise<string> => {
      const lines: LogLine[] = []
      for await (const line of runtime.logs(id, { tail: 1000, follow: false, signal: AbortSignal.timeout(5000) })) lines.push(line)
      return lines.map((line) => line.text).join('\n')
    }
    return {
      room: place,
      log,
      logged: (pattern) => eventually(async () => {
        const text = await log()
        return pattern.test(text) ? text : undefined
      }, () => `the log of ${template} to hold ${String(pattern)}`),
      async stop() {
        const asked = Date.now()
        await runtime.remove(id)
        return Date.now() - asked
      },
    }
  }

  return {
    dataDir,
    runtime,
    start,
    async close() {
      await runtime.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** What `attempt` gives, once it gives something; a throw counts as nothing yet. */
export async function eventually<T>(attempt: () => Promise<T | undefined>, what: () => string): Promise<T> {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const result = await attempt().catch(() => undefined)
    if (result !== undefined) return result
  }
  throw new Error(`Waited 10 s for ${what()}.`)
}

export const content = (file: string): Promise<string> => eventually(() => readFile(file, 'utf8').then((text) => text || undefined), () => `${path.basename(file)} to be written`)

/** A port of 127.0.0.1 that was free just now. */
export async function freePort(): Promise<string> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}
