import type Docker from 'dockerode'
import { setTimeout as pause } from 'node:timers/promises'
import { createLineReader, type LineReader } from '../line-reader'
import { createMask, type Mask } from '../mask'
import type { LogLine } from '../runtime'
import { isMissing } from './engine-error'
import { sensitiveLabel } from './container-spec'

interface Frame {
  stream: LogLine['stream']
  payload: Buffer
}

/** Takes apart the engine's multiplexed stream: 8 bytes of header (stream, three zeroes, length), then one piece of a line. */
async function* framesOf(source: AsyncIterable<Buffer>): AsyncIterable<Frame> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (pending.length >= 8) {
      const end = 8 + pending.readUInt32BE(4)
      if (pending.length < end) break
      yield { stream: pending[0] === 2 ? 'stderr' : 'stdout', payload: pending.subarray(8, end) }
      pending = pending.subarray(end)
    }
  }
}

/** The mask for a container that this or an earlier process started. */
export function maskOf(container: Docker.ContainerInspectInfo): Mask {
  let names: unknown = null
  try {
    names = JSON.parse(container.Config.Labels[sensitiveLabel] ?? '[]')
  } catch {
    // not our label: mask everything below
  }
  const environment = (container.Config.Env ?? []).map((text) => {
    const cut = text.indexOf('=')
    const name = text.slice(0, cut)
    return { name, value: text.slice(cut + 1), sensitive: !Array.isArray(names) || names.includes(name) }
  })
  return createMask(environment)
}

interface ReadOptions {
  tail: number
  follow: boolean
  signal: AbortSignal
}

const gone = (error: unknown): null => {
  if (isMissing(error)) return null
  throw error
}

/**
 * Lines of the container called `name`. An engine ends its stream when a container stops, so a follower attaches again: after a
 * restart, and when another generation has taken the name, which may take `patience` milliseconds.
 */
export async function* containerLogs(docker: Docker, name: string, { tail, follow, signal }: ReadOptions, patience = 3_000): AsyncIterable<LogLine> {
  let last = ''
  let absentSince: number | null = null
  while (!signal.aborted) {
    const info = await docker.getContainer(name).inspect().catch(gone)
    if (!info) {
      absentSince ??= Date.now()
      if (!follow || Date.now() - absentSince > patience) return
    } else {
      absentSince = null
      const mask = maskOf(info)
      const readers: Record<LogLine['stream'], LineReader> = { stdout: createLineReader(mask), stderr: createLineReader(mask) }
      const options = { stdout: true, stderr: true, timestamps: true, abortSignal: signal, ...(last === '' ? { tail } : { since: Math.floor(Date.parse(last) / 1000) }) }
      const container = docker.getContainer(info.Id)
      const source: AsyncIterable<Buffer> | null = follow
        ? await container.logs({ ...options, follow: true }).then((stream) => stream as unknown as AsyncIterable<Buffer>, gone)
        : await container.logs({ ...options, follow: false }).then((whole) => (async function* () { yield whole })(), gone)
      const before = last
      let at = ''
      try {
        for await (const { stream, payload } of framesOf(source ?? (async function* () {})())) {
          const cut = payload.indexOf(' ')
          const stamp = payload.subarray(0, cut).toString()
          if (stamp <= before) continue
          last = stamp
          at = new Date(stamp).toISOString()
          for (const text of readers[stream].push(payload.subarray(cut + 1))) yield { at, stream, text }
        }
      } catch (error) {
        if (!signal.aborted && !follow) throw error
      }
      for (const stream of ['stdout', 'stderr'] as const) for (const text of readers[stream].end()) yield { at, stream, text }
      if (!follow) return
    }
    await pause(200, undefined, { signal }).catch(() => undefined)
  }
}
