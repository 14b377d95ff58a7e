import { mkdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { isWithin } from './inside-path'
import { RuntimeError } from './runtime'

/**
 * Makes the directory that a workload mounts, if it is not there.
 * @returns its absolute path.
 * @throws RuntimeError `invalid` when it lies in the data directory behind a symbolic link: only a service could have put one there.
 */
export async function prepareMountSource(source: string, dataDir: string): Promise<string> {
  const absolute = path.resolve(source)
  await mkdir(absolute, { recursive: true, mode: 0o700 })
  const data = path.resolve(dataDir)
  if (isWithin(absolute, data)) {
    const expected = path.join(await realpath(data), path.relative(data, absolute))
    if ((await realpath(absolute)) !== expected) throw new RuntimeError('invalid', 'A directory to be mounted lies behind a symbolic link.')
  }
  return absolute
}
