import { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { RuntimeError, type Progress } from '../runtime'
import { isMissing, pullError } from './engine-error'

/** Roughly the grammar of image references; what it lets through is safe in a URL, and the engine judges the rest. */
const referencePattern = /^[A-Za-z0-9](?:[A-Za-z0-9:@_-]|[./](?=[A-Za-z0-9_-]))*$/

/** Whether the name can mean another image tomorrow: it has the tag `latest`, or none. */
export function isMoving(image: string): boolean {
  if (image.includes('@')) return false
  const [, tag = 'latest'] = (image.split('/').at(-1) ?? '').split(':')
  return tag === 'latest'
}

interface PullEvent {
  status?: string
  id?: string
  error?: string
}

async function pull(docker: Docker, image: string, signal: AbortSignal, progress: Progress): Promise<void> {
  const stream = await docker.pull(image, { abortSignal: signal })
  const layers = new Map<string, boolean>()
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      if (stream instanceof Readable) stream.destroy()
      reject(new Error('given up', { cause: signal.reason }))
    }
    signal.addEventListener('abort', stop, { once: true })
    docker.modem.followProgress(
      stream,
      (error: Error | null) => {
        signal.removeEventListener('abort', stop)
        if (error) reject(error)
        else resolve()
      },
      ({ status = '', id }: PullEvent) => {
        if (id !== undefined && /^[0-9a-f]{12}$/.test(id)) layers.set(id, /^(Pull complete|Already exists)/.test(status))
        const text = layers.size === 0 ? `Pulling ${image}` : `Pulling ${image}: ${[...layers.values()].filter(Boolean).length} of ${layers.size} layers`
        if (text !== said) progress('pulling', text)
        said = text
      },
    )
  })
}

/**
 * Makes sure that the engine has the image. One that is there is not pulled again unless its name can move; then a failed pull
 * does not matter.
 * @throws RuntimeError `image-not-found`, `pull-denied`, `invalid`, `unavailable` or `failed`; the signal's reason when aborted.
 */
export async function ensureImage(docker: Docker, image: string, signal: AbortSignal, progress: Progress): Promise<Docker.ImageInspectInfo> {
  if (!referencePattern.test(image)) throw new RuntimeError('invalid', `${JSON.stringify(image)} is no name for an image.`)
  const inspect = (): Promise<Docker.ImageInspectInfo | null> =>
    docker.getImage(image).inspect().catch((error: unknown) => {
      if (isMissing(error)) return null
      throw pullError(error, image)
    })
  const local = await inspect()
  if (local && !isMoving(image)) return local
  signal.throwIfAborted()
  progress('pulling', `Pulling ${image}`)
  try {
    await pull(docker, image, signal, progress)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (local) return local
    throw pullError(error, image)
  }
  const pulled = await inspect()
  if (!pulled) throw pullError(new Error('not found'), image)
  return pulled
}
