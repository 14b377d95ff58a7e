import type { Database } from '@/lib/db/client'
import type { Runtime } from '@/lib/runtimes/runtime'

/** A moment of an installation: milliseconds of this process's clock. */
export type Moment = 'clicked' | 'locked' | 'committed' | 'taken' | 'resolved' | 'applied' | 'running' | 'printed' | 'logged'
export type Moments = Record<Moment, number>

/** Notes the first time that each moment comes after the click. */
export interface Stopwatch {
  note(moment: Moment, at?: number): void
  /** @throws Error that names a moment that did not come */
  take(): Moments
}

const ALL: readonly Moment[] = ['clicked', 'locked', 'committed', 'taken', 'resolved', 'applied', 'running', 'printed', 'logged']

export function openStopwatch(): Stopwatch {
  const seen = new Map<Moment, number>()
  return {
    note: (moment, at = performance.now()) => {
      const begun = moment === 'clicked' || seen.has('clicked')
      if (begun && !seen.has(moment)) seen.set(moment, at)
    },
    take: () => {
      const missing = ALL.find((moment) => !seen.has(moment))
      if (missing !== undefined) throw new Error(`The installation never came to be "${missing}".`)
      const moments = Object.fromEntries(seen) as Moments
      seen.clear()
      return moments
    },
  }
}

/** The same database; `seen` hears of each query as it is sent. */
export function observedDatabase(database: Database, seen: (operation: string) => void): Database {
  const observed = database.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) => {
        seen(`${model ?? ''}.${operation}`)
        return query(args)
      },
    },
  })
  return observed as unknown as Database
}

/** The same runtime, with the time that it takes to start a workload. */
export const observedRuntime = (runtime: Runtime, stopwatch: Stopwatch): Runtime => ({
  ...runtime,
  apply: async (workload, options) => {
    stopwatch.note('resolved')
    await runtime.apply(workload, options)
    stopwatch.note('applied')
  },
})
