import { isId } from '@/lib/authz/require'
import { keyring, type Keyring } from '@/lib/crypto/keyring'
import { db, type Database } from '@/lib/db/client'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import type { Runtime } from '@/lib/runtimes/runtime'
import { attempt } from './attempt'
import { currentRuntime } from './current-runtime'
import { claimDue, startAfresh, type Claimed } from './lease'
import type { Surroundings } from './resolve-workload'
import { onWake } from './wake'

/**
 * Makes true what the database says should be. It owns nothing that is not in the database or the runtime, so it may be
 * killed anywhere: the next one finds leases that run out and workloads that tell their generation.
 */

const IDLE_MS = 1_000
const SWEEP_MS = 300_000
const PARALLEL = 4

export interface Reconciler {
  /** Stops taking work and waits for what is under way. */
  stop(): Promise<void>
}

export interface ReconcilerParts {
  db: Database
  keyring: Keyring
  runtime: Runtime
  surroundings: Surroundings
  /** No other server shares this database. */
  sole: boolean
}

/** Starts the loop of this process over the given parts. */
export function runReconciler(parts: ReconcilerParts): Reconciler {
  const owner = crypto.randomUUID()
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let wakeUp: () => void = () => undefined
  const stopListening = onWake(() => wakeUp())

  async function work(claimed: Claimed): Promise<void> {
    try {
      await attempt(parts, owner, claimed, stopping.signal)
    } catch (error) {
      // The lease runs out and the work is taken up again.
      log.error('deployment attempt failed', { error, installationId: claimed.installationId })
    }
  }

  async function loop(): Promise<void> {
    await startAfresh(parts.db, parts.sole)
    let nextSweep = 0
    while (!stopping.signal.aborted) {
      let woken = false
      const wake = new Promise<void>((resolve) => {
        wakeUp = () => {
          woken = true
          resolve()
        }
      })
      let took = 0
      try {
        const due = running.size < PARALLEL ? await claimDue(parts.db, owner, PARALLEL - running.size) : []
        took = due.length
        for (const claimed of due) {
          const job: Promise<void> = work(claimed).finally(() => {
            running.delete(job)
            wakeUp()
          })
          running.add(job)
        }
        if (Date.now() >= nextSweep) {
          nextSweep = Date.now() + SWEEP_MS
          await removeOrphans(parts)
        }
      } catch (error) {
        log.error('reconciler pass failed', { error })
      }
      if (took > 0 || woken) continue
      let timer: NodeJS.Timeout | undefined
      await Promise.race([wake, new Promise((resolve) => (timer = setTimeout(resolve, IDLE_MS)))])
      clearTimeout(timer)
    }
  }

  const ended = loop()
  return {
    async stop() {
      stopping.abort()
      wakeUp()
      stopListening()
      await ended
      await Promise.allSettled(running)
    },
  }
}

/** Workloads of ours that no deployment wants any more. */
async function removeOrphans({ db: database, runtime }: ReconcilerParts): Promise<void> {
  const ids = (await runtime.list()).filter(isId)
  if (ids.length === 0) return
  const wanted = await database.deployment.findMany({ where: { installationId: { in: ids }, NOT: { phase: 'Removed' } }, select: { installationId: true } })
  const keep = new Set(wanted.map((row) => row.installationId))
  for (const id of ids) if (!keep.has(id)) await runtime.remove(id)
}

const slot = Symbol.for('latchkey.reconciler')
const store = globalThis as typeof globalThis & { [slot]?: Promise<Reconciler> }

/** Starts the reconciler of this server, once. @returns it, for a clean stop. */
export function startReconciler(): Promise<Reconciler> {
  return (store[slot] ??= (async () => {
    const settings = env()
    const surroundings = {
      dataDir: settings.dataDir,
      serverVersion: settings.LATCHKEY_SERVER_VERSION,
      url: settings.origin,
    }
    return runReconciler({ db: db(), keyring: keyring(), runtime: await currentRuntime(), surroundings, sole: settings.DATABASE_URL === undefined })
  })())
}
