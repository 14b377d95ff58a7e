import { ensureFirstAdmin } from '@/lib/auth/first-admin'
import { closeDb, databaseProblem } from '@/lib/db/client'
import { DatabaseError } from '@/lib/db/embedded'
import { currentRuntime } from '@/lib/deployments/current-runtime'
import { startReconciler } from '@/lib/deployments/reconcile'
import { inspectIsolated } from '@/lib/manifest/isolate'
import type { ServerHooks } from './server-hooks'

/**
 * Starts all that lives beside the pages.
 * @throws DatabaseError when the database cannot serve
 */
export async function startServer(): Promise<ServerHooks> {
  const problem = await databaseProblem()
  if (problem !== null) throw new DatabaseError(problem)
  const firstAdmin = await ensureFirstAdmin()
  const reconciler = await startReconciler()
  // The thread that checks templates takes a second to start; the first visitor need not wait for it.
  void inspectIsolated('')
  return {
    firstAdmin,
    stop: async () => {
      await reconciler.stop()
      await (await currentRuntime()).close()
      await closeDb()
    },
  }
}
