import { isUniqueViolation } from '@/lib/db/unique-violation'
import { AppError } from '@/lib/errors'

/**
 * Runs a write that gives a room its name; the database holds that names are unique in a project.
 * @throws AppError conflict, on the field `name`
 */
export async function refusingTakenName<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause
    const message = 'The project has a room of this name already.'
    throw new AppError('conflict', message, { cause, fields: { name: message } })
  }
}
