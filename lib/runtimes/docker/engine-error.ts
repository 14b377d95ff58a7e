import { RuntimeError } from '../runtime'

const noAnswer = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EACCES', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])

/** The HTTP status of an engine's answer; null when there was no answer. */
export const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null

export const isMissing = (error: unknown): boolean => statusOf(error) === 404

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).toLowerCase()

export function isNoAnswer(error: unknown): boolean {
  return error instanceof Error && statusOf(error) === null && 'code' in error && noAnswer.has(String(error.code))
}

/**
 * What a failed pull means. Engines answer 500 for most of it, so their words decide; a registry may say "denied" for an image
 * that does not exist.
 */
export function pullError(error: unknown, image: string): RuntimeError {
  const text = textOf(error)
  const options = { cause: error }
  if (isNoAnswer(error)) return new RuntimeError('unavailable', 'The container engine stopped answering.', options)
  if (/manifest unknown|manifest for .* not found|name unknown|no such image|not found: manifest/.test(text)) {
    return new RuntimeError('image-not-found', `The image ${image} does not exist.`, options)
  }
  if (/no basic auth|unauthorized|authentication required|denied|forbidden/.test(text)) {
    return new RuntimeError('pull-denied', `The registry does not let Latchkey pull ${image}: it is private, or it does not exist.`, options)
  }
  if (/invalid reference|must be lowercase|invalid tag/.test(text)) return new RuntimeError('invalid', `${JSON.stringify(image)} is no name for an image.`, options)
  if (isMissing(error) || /not found|does not exist/.test(text)) return new RuntimeError('image-not-found', `The image ${image} does not exist.`, options)
  return new RuntimeError('failed', `The image ${image} could not be pulled: its registry could not be reached or did not answer properly.`, options)
}

/** What a failed create or start of a container means. */
export function startError(error: unknown, image: string): RuntimeError {
  if (error instanceof RuntimeError) return error
  const text = textOf(error)
  const options = { cause: error }
  if (isNoAnswer(error)) return new RuntimeError('unavailable', 'The container engine stopped answering.', options)
  if (/no command specified/.test(text)) return new RuntimeError('no-command', 'Neither the manifest nor the image names a command.', options)
  if (/no such image/.test(text)) return new RuntimeError('image-not-found', `The image ${image} is not there any more.`, options)
  if (/executable file not found|exec format error|exec: .*(no such file|permission denied|not a directory)/.test(text)) {
    return new RuntimeError('invalid', `The command cannot be run: the image ${image} has no such program, or not for this machine.`, options)
  }
  if (/bind source path does not exist|mounts denied/.test(text)) {
    return new RuntimeError('failed', 'The engine cannot see the room’s storage: it must run on the machine that holds the data directory.', options)
  }
  if (statusOf(error) === 400) return new RuntimeError('invalid', 'The engine refuses this service as it is described.', options)
  return new RuntimeError('failed', 'The engine could not start the container.', options)
}

/** For calls that only look or remove. */
export function engineError(error: unknown): RuntimeError {
  if (error instanceof RuntimeError) return error
  if (isNoAnswer(error)) return new RuntimeError('unavailable', 'The container engine does not answer.', { cause: error })
  return new RuntimeError('failed', 'The container engine answered with an error.', { cause: error })
}
