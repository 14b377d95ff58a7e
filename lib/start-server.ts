import { ensureFirstAdmin } from '@/lib/auth/first-admin'
import { closeDb, databaseProblem } from '@/lib/db/client'
import { DatabaseError } from '@/lib/db/embedded'
import { currentRuntime } from '@/lib/deployments/current-runtime'
import { startReconciler } from '@/lib/deployments/reconcile'
import { registerServer } from './server-hooks'

/**
 * Starts all that lives beside the pages and hands `server.ts` what it needs to say and to stop.
 * @throws DatabaseError when the database cannot serve
 */
export async function startServer(): Promise<void> {
  const problem = await databaseProblem()
  if (problem !== null) throw new DatabaseError(problem)
  const firstAdmin = await ensureFirstAdmin()
  const reconciler = await startReconciler()
  registerServer({
    firstAdmin,
    stop: async () => {
      await reconciler.stop()
      await (await currentRuntime()).close()
      await closeDb()
    },
  })
}
