import type { Observation } from '@/lib/runtimes/runtime'

/** A phase with the sentence that goes with it. Pure: what the driver sees becomes what people see. */
export interface Status {
  phase: 'Pending' | 'Pulling' | 'Starting' | 'Running' | 'Degraded' | 'NeedsSecret' | 'Failed' | 'Stopped' | 'Removed'
  reason: string
}

/** Crashes in a row after which a service is called Failed. It is still restarted, ever more slowly. */
const FAILED_AFTER_RESTARTS = 3

const exitSentence = (code: number | null): string =>
  code === null
    ? 'The command ended without an exit code.'
    : code === 0
      ? 'The command ended by itself with code 0; a service is expected to stay up.'
      : `The command exits with code ${String(code)}. Its last log lines usually say why.`

/** Folds an observation of a workload that should run. */
export function foldStatus(seen: Observation): Status {
  switch (seen.state) {
    case 'pulling':
      return { phase: 'Pulling', reason: 'Downloading the image.' }
    case 'starting':
      return { phase: 'Starting', reason: 'Starting the command.' }
    case 'running':
      return { phase: 'Running', reason: '' }
    case 'restarting':
    case 'exited':
      return {
        phase: seen.restarts >= FAILED_AFTER_RESTARTS ? 'Failed' : 'Degraded',
        reason: `${exitSentence(seen.exitCode)} It is restarted${seen.restarts > 0 ? ` (${String(seen.restarts)} so far)` : ''}.`,
      }
    case 'absent':
      return { phase: 'Starting', reason: 'Starting again: it was no longer there.' }
  }
}

/** Milliseconds until a running or failing workload is looked at again: soon after a change, then every 10 s. */
export function nextLook(status: Status, sinceChange: number): number {
  if (status.phase !== 'Running') return 1_000
  if (sinceChange < 3_000) return 500
  return sinceChange < 30_000 ? 2_000 : 10_000
}

/** Milliseconds until a failed attempt is repeated: 1 s doubling to 5 min, with up to a fifth of jitter (0 to 1). */
export function retryDelay(attempts: number, jitter: number): number {
  const base = Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 9))
  return Math.round(base * (1 + 0.2 * jitter))
}
