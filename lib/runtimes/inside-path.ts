import path from 'node:path'
import { RuntimeError } from './runtime'

/** Whether `inner` is `outer` or lies below it. Both in normal form. */
export const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)

/**
 * A path inside a service, in normal form.
 * @throws RuntimeError `invalid` for one that is relative, steps upwards or is the root.
 */
export function insidePath(text: string): string {
  if (!text.startsWith('/') || text.includes('\0') || text.split('/').includes('..')) {
    throw new RuntimeError('invalid', `The path ${JSON.stringify(text)} must be absolute and must not step upwards.`)
  }
  const normal = path.posix.normalize(text).replace(/(.)\/$/, '$1')
  if (normal === '/') throw new RuntimeError('invalid', 'Nothing can be placed at the root of the file system.')
  return normal
}
