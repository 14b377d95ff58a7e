import { databaseProblem } from './db/client'
import { DatabaseError } from './db/embedded'
import { log } from './log'

/** Why the server cannot serve, without internals; null when it can. */
export async function healthProblem(): Promise<string | null> {
  try {
    return await databaseProblem()
  } catch (error) {
    log.error('the database does not answer', { error })
    return error instanceof DatabaseError ? 'The embedded database cannot be opened.' : 'The database does not answer.'
  }
}
