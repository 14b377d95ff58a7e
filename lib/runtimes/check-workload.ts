import { splitCommand } from './command-line'
import { insidePath } from './inside-path'
import { RuntimeError, type Workload } from './runtime'

const idPattern = /^[a-z0-9][a-z0-9-]*$/

export const isWorkloadId = (id: string): boolean => idPattern.test(id)

/**
 * Refuses what no driver can run, before any of them begins.
 * @throws RuntimeError `invalid` for the id, the command's quoting, a path, two things at one path, or an environment entry.
 */
export function checkWorkload({ id, command, workingDir, environment, mounts, files, emptyDirs }: Workload): void {
  if (!isWorkloadId(id)) throw new RuntimeError('invalid', 'The id of a workload has lower-case letters, digits and dashes only.')
  if (command?.trim()) splitCommand(command)
  if (workingDir !== null && workingDir !== '/') insidePath(workingDir)
  const paths = [...mounts, ...files, ...emptyDirs].map((place) => insidePath(place.path))
  const twice = paths.find((place, index) => paths.indexOf(place) !== index)
  if (twice !== undefined) throw new RuntimeError('invalid', `Two mounts, files or empty directories want the path ${twice}.`)
  for (const { name, value } of environment) {
    if (name === '' || /[=\0]/.test(name)) throw new RuntimeError('invalid', `${JSON.stringify(name)} is no name for an environment variable.`)
    if (value.includes('\0')) throw new RuntimeError('invalid', `The environment variable ${name} holds a zero byte.`)
  }
}
