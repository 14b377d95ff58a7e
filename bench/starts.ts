import { inOwnProcess } from './child'
import type { Runs } from './click-to-running'
import { differences, ratios, spreadOf } from './measure'
import { judge, milliseconds, row, times, title } from './report'
import type { Moments } from './observed'

const TARGET_MS = 300
const LIMIT_MS = 120_000

const end = (moments: Moments): number => Math.max(moments.running, moments.logged)

/** Where the time of an installation goes. The last two overlap. */
const STAGES: readonly (readonly [name: string, milliseconds: (moments: Moments) => number])[] = [
  ['check answers, render', ({ clicked, locked }) => locked - clicked],
  ['transaction', ({ locked, committed }) => committed - locked],
  ['until the reconciler takes it', ({ committed, taken }) => taken - committed],
  ['resolve: render, secrets, token', ({ taken, resolved }) => resolved - taken],
  ['apply: start it', ({ resolved, applied }) => applied - resolved],
  ['from started to Running shown', ({ applied, running }) => running - applied],
  ['from started to line printed', ({ applied, printed }) => printed - applied],
  ['from printed to line shown', ({ printed, logged }) => logged - printed],
]

/** From the click to a service that is shown as Running with its first line, against the same start without Latchkey. */
export async function benchStarts(runtime: 'process' | 'docker', base: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const { ours, bare, first } = await inOwnProcess<Runs>('click-to-running', [], { LATCHKEY_RUNTIME: runtime, ...settings }, LIMIT_MS)
  title(`Click to Running, ${runtime} runtime, against ${base}: ${ours.length} runs each`)
  const taken = ours.map((moments) => end(moments) - moments.clicked)
  const overhead = spreadOf(differences(taken, bare))
  row(base, milliseconds(spreadOf(bare)))
  row('click to Running and first line', milliseconds(spreadOf(taken)), times(spreadOf(ratios(taken, bare)), 'the same start alone'))
  row('overhead', milliseconds(overhead))
  for (const [name, stage] of STAGES) row(`  ${name}`, milliseconds(spreadOf(ours.map(stage))))
  row('first after the start, all cold', `${Math.round(end(first) - first.clicked)} ms`)
  judge(`click to Running, ${runtime}: overhead`, overhead.median, TARGET_MS, 'ms')
}
