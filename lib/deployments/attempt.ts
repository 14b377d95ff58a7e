import type { Database } from '@/lib/db/client'
import { AppError } from '@/lib/errors'
import { ClearRecord } from '@/lib/install/clear-record'
import { log } from '@/lib/log'
import { createMask } from '@/lib/runtimes/mask'
import { RuntimeError, type Observation } from '@/lib/runtimes/runtime'
import { renewLease, RENEW_MS, type Claimed } from './lease'
import type { ReconcilerParts } from './reconcile'
import { resolveWorkload } from './resolve-workload'
import { foldStatus, nextLook, retryDelay, type Status } from './status'
import { announceChange } from './wake'

/** A deployment is looked at again this long after it came to want a secret; storing the secret wakes it sooner. */
const SECRET_LOOK_MS = 30_000

type Row = NonNullable<Awaited<ReturnType<typeof load>>>

interface Outcome extends Status {
  /** Milliseconds until the next look. */
  next: number
  attempts: number
  /** The generation is settled: applied, removed, or impossible as it is. */
  settled: boolean
  seen?: Observation
}

const load = (db: Database, installationId: string) =>
  db.deployment.findUnique({ where: { installationId }, include: { installation: { include: { room: true } } } })

/**
 * One look at one deployment whose lease `owner` holds: applies or removes what is behind, else folds what is seen into a
 * phase. Whatever happens is written down, and the lease is given back.
 */
export async function attempt(parts: ReconcilerParts, owner: string, claimed: Claimed, stopping: AbortSignal): Promise<void> {
  const row = await load(parts.db, claimed.installationId)
  if (!row) return
  const lost = new AbortController()
  const renewal = setInterval(() => {
    renewLease(parts.db, owner, row.installationId).then(
      (held) => held || lost.abort(),
      () => lost.abort(),
    )
  }, RENEW_MS)
  try {
    const signal = AbortSignal.any([stopping, lost.signal])
    const outcome = await look(parts, row, signal).catch((error: unknown) => failed(row, error))
    if (signal.aborted) return
    await settle(parts.db, owner, row, parts.runtime.name, outcome)
  } finally {
    clearInterval(renewal)
  }
}

async function look(parts: ReconcilerParts, row: Row, signal: AbortSignal): Promise<Outcome> {
  const { runtime } = parts
  const id = row.installationId
  if (row.desired === 'removed') {
    await runtime.remove(id)
    return { phase: 'Removed', reason: '', next: 0, attempts: 0, settled: true }
  }
  if (row.observedGeneration === row.generation) {
    // Counted attempts on a settled generation: it can never work as it is, and waits for a change.
    if (row.phase === 'Failed' && row.attempts > 0) return { ...statusOf(row), next: SECRET_LOOK_MS, attempts: row.attempts, settled: true }
    const seen = await runtime.observe(id)
    // Nothing restarts what has exited or is absent: its runtime was stopped, or somebody removed it.
    if (seen.state !== 'absent' && seen.state !== 'exited' && seen.generation === row.generation) return folded(seen)
  }
  return apply(parts, row, signal)
}

/** Names and paths of a template may hold protected values, so what is said of them is masked. */
async function apply(parts: ReconcilerParts, row: Row, signal: AbortSignal): Promise<Outcome> {
  const hidden: string[] = []
  const masked = (text: string): string => createMask(hidden.map((value) => ({ name: '', value, sensitive: true }))).apply(text)
  try {
    const outcome = await applyRendered(parts, row, signal, { hidden, masked })
    return { ...outcome, reason: masked(outcome.reason) }
  } catch (error) {
    if (error instanceof RuntimeError) throw new RuntimeError(error.code, masked(error.message))
    if (error instanceof AppError) throw new AppError(error.code, masked(error.message))
    throw error
  }
}

interface Discretion {
  hidden: string[]
  masked: (text: string) => string
}

async function applyRendered(parts: ReconcilerParts, row: Row, signal: AbortSignal, { hidden, masked }: Discretion): Promise<Outcome> {
  const { db, keyring, runtime, surroundings } = parts
  const { installation } = row
  const { room } = installation
  const resolved = await resolveWorkload(
    db,
    keyring,
    { ...installation, clear: ClearRecord.parse(installation.clear) },
    { roomId: room.id, roomName: room.name, projectId: room.projectId },
    row.generation,
    surroundings,
    hidden,
  )
  if ('missing' in resolved) {
    // What still runs, runs with what it had; a service that lost a secret is not stopped for it.
    const names = resolved.missing.map((secret) => `"${secret.id}" owned by "${secret.owner}" (for ${secret.env})`)
    const reason = `Waiting for the secret ${names.join(', ')}. The service starts by itself once it is stored.`
    return { phase: 'NeedsSecret', reason, next: SECRET_LOOK_MS, attempts: 0, settled: false }
  }
  const progress = async (phase: 'Pulling' | 'Starting', reason: string): Promise<void> => {
    await db.deployment.updateMany({ where: { installationId: row.installationId, generation: row.generation }, data: { phase, reason } })
    await addEvent(db, row, phase, reason)
  }
  // Told in order; apply does not wait for the telling.
  let told = Promise.resolve()
  await runtime.apply(resolved.workload, {
    signal,
    progress: (step, message) => {
      told = told.then(() => progress(step === 'pulling' ? 'Pulling' : 'Starting', masked(message))).catch((error: unknown) => {
        log.warn('progress was not written', { error, installationId: row.installationId })
      })
    },
  })
  await told
  return folded(await runtime.observe(row.installationId))
}

const statusOf = (row: Row): Status => ({ phase: row.phase, reason: row.reason })

function folded(seen: Observation): Outcome {
  const status = foldStatus(seen)
  const sinceChange = seen.startedAt === null ? 0 : Date.now() - Date.parse(seen.startedAt)
  return { ...status, next: nextLook(status, sinceChange), attempts: 0, settled: seen.state !== 'absent', seen }
}

/** What can never work as it is waits for a change; anything else is tried again, ever more slowly. */
function failed(row: Row, error: unknown): Outcome {
  const attempts = row.attempts + 1
  const next = retryDelay(attempts, Math.random())
  if (error instanceof RuntimeError) {
    const final = error.code === 'invalid' || error.code === 'no-command'
    if (error.code === 'unavailable') return { phase: 'Degraded', reason: error.message, next, attempts, settled: false }
    return { phase: 'Failed', reason: error.message, next, attempts, settled: final }
  }
  if (error instanceof AppError) return { phase: 'Failed', reason: error.message, next, attempts, settled: error.code === 'invalid' }
  log.error('deployment failed', { error, installationId: row.installationId })
  return { phase: 'Failed', reason: 'Something unexpected went wrong here. It is tried again; the server’s log tells more.', next, attempts, settled: false }
}

async function settle(db: Database, owner: string, row: Row, runtime: string, outcome: Outcome): Promise<void> {
  const { installationId, generation } = row
  const free = { leaseOwner: null, leaseUntil: null }
  const held = { installationId, leaseOwner: owner }
  await db.$transaction(async (tx) => {
    const { seen } = outcome
    const { count } = await tx.deployment.updateMany({
      where: { ...held, generation, desired: row.desired },
      data: {
        ...free,
        phase: outcome.phase,
        reason: outcome.reason,
        attempts: outcome.attempts,
        nextAttemptAt: new Date(Date.now() + outcome.next),
        runtime,
        ...(outcome.settled ? { observedGeneration: generation } : {}),
        ...(seen
          ? { restarts: seen.restarts, exitCode: seen.exitCode, startedAt: seen.startedAt === null ? null : new Date(seen.startedAt), imageDigest: seen.imageDigest }
          : outcome.phase === 'Failed' ? { startedAt: null } : {}),
      },
    })
    if (count === 0) {
      // Another generation was asked for meanwhile: it is due already.
      await tx.deployment.updateMany({ where: held, data: { ...free, observedGeneration: outcome.settled ? generation : row.observedGeneration } })
      return
    }
    if (outcome.phase === 'Removed')
      await tx.installation.update({ where: { id: installationId }, data: { removedAt: new Date(), sealedInputs: null } })
  })
  if (outcome.phase !== row.phase || outcome.reason !== row.reason || row.observedGeneration !== generation) {
    const last = await db.deploymentEvent.findFirst({ where: { installationId }, orderBy: { id: 'desc' }, select: { phase: true, message: true } })
    const message = outcome.reason === '' ? phaseSentence[outcome.phase] : outcome.reason
    if (last?.phase !== outcome.phase || last.message !== message) await addEvent(db, row, outcome.phase, message)
  }
  announceChange(installationId)
}

const phaseSentence: Record<Status['phase'], string> = {
  Pending: 'Waiting for its turn.',
  Pulling: 'Downloading the image.',
  Starting: 'Starting.',
  Running: 'The service is running.',
  Degraded: 'The service has trouble.',
  NeedsSecret: 'A secret is missing.',
  Failed: 'The service does not run.',
  Stopped: 'The service is stopped.',
  Removed: 'The service was removed.',
}

/** A service that crashes for weeks keeps its latest events only. */
const KEPT_EVENTS = 200

async function addEvent(db: Database, { installationId, generation }: Row, phase: Status['phase'], message: string): Promise<void> {
  await db.deploymentEvent.create({ data: { installationId, generation, phase, message } })
  const old = await db.deploymentEvent.findFirst({ where: { installationId }, orderBy: { id: 'desc' }, skip: KEPT_EVENTS, select: { id: true } })
  if (old) await db.deploymentEvent.deleteMany({ where: { installationId, id: { lte: old.id } } })
  announceChange(installationId)
}
