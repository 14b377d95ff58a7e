import { ensureFirstAdmin } from '@/lib/auth/first-admin'
import { keyring } from '@/lib/crypto/keyring'
import { closeDb, databaseProblem, db } from '@/lib/db/client'
import { DatabaseError } from '@/lib/db/embedded'
import { currentRuntime } from '@/lib/deployments/current-runtime'
import { startReconciler } from '@/lib/deployments/reconcile'
import { SettingsError } from '@/lib/env'
import { inspectIsolated } from '@/lib/manifest/isolate'
import type { ServerHooks } from './server-hooks'

/**
 * Starts all that lives beside the pages.
 * @throws DatabaseError when the database cannot serve
 */
export async function startServer(): Promise<ServerHooks> {
  const problem = await databaseProblem()
  if (problem !== null) throw new DatabaseError(problem)
  const missing = await keyring().missingRootKeys(db())
  if (missing.length > 0)
    throw new SettingsError(
      `The secrets of this database are under a root key that is not here (${missing.join(', ')}). Put the file root-key back into the data directory, or add the key to LATCHKEY_ROOT_KEY.`,
    )
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
