/** The median and the quartiles around it: what half of the samples lie between. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share
    const below = sorted[Math.floor(place)] ?? NaN
    const above = sorted[Math.ceil(place)] ?? NaN
    return below + (above - below) * (place - Math.floor(place))
  }
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/** What `a` is of `b`, sample by sample: both sides of a pair were taken right after each other. */
export const ratios = (a: readonly number[], b: readonly number[]): number[] => pairs(a, b).map(([x, y]) => x / y)

export const differences = (a: readonly number[], b: readonly number[]): number[] => pairs(a, b).map(([x, y]) => x - y)

function pairs(a: readonly number[], b: readonly number[]): [number, number][] {
  return a.flatMap((x, index): [number, number][] => {
    const y = b[index]
    return y === undefined ? [] : [[x, y]]
  })
}

const WARM_MS = 250
const BATCH_MS = 40

/**
 * Milliseconds of one call of each piece of work. They take turns (A B C, A B C, ...), so that a busy moment of the machine
 * meets all of them; a sample is a batch long enough for the clock.
 */
export function inTurns<Name extends string>(work: Readonly<Record<Name, () => unknown>>, rounds: number): Record<Name, number[]> {
  const names = Object.keys(work) as Name[]
  const batches = names.map((name) => ({ name, calls: Math.max(1, Math.round(BATCH_MS / warm(work[name]))) }))
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, calls } of batches) {
      const since = performance.now()
      for (let call = 0; call < calls; call += 1) work[name]()
      samples[name].push((performance.now() - since) / calls)
    }
  }
  return samples
}

/** Runs until the compiler has settled. @returns milliseconds of a late call */
function warm(work: () => unknown): number {
  const until = performance.now() + WARM_MS
  let last = 0
  while (performance.now() < until) {
    const since = performance.now()
    work()
    last = performance.now() - since
  }
  return Math.max(last, 0.001)
}
