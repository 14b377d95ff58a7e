import { setTimeout as sleep } from 'node:timers/promises'
import { keyring } from '@/lib/crypto/keyring'
import { closeDb, db } from '@/lib/db/client'
import { runReconciler } from '@/lib/deployments/reconcile'
import { env } from '@/lib/env'
import { installService } from '@/lib/install/install-service'
import { loadTemplate } from '@/lib/install/load-template'
import { uninstallService } from '@/lib/install/uninstall-service'
import { watchService } from '@/lib/install/watch-service'
import { openRuntime } from '@/lib/runtimes/registry'
import { engine, spawnDirectly, startContainer } from './bare-start'
import { handBack } from './child'
import { observedDatabase, observedRuntime, openStopwatch, type Moments } from './observed'
import { COMMAND, SECRET, templateText } from './services'
import { makeWorkplace } from './workplace'

/** One side of each pair is an installation, the other the same start without Latchkey. */
export interface Runs {
  ours: Moments[]
  bare: number[]
  /** The first installation after the start, with everything cold. */
  first: Moments
}

const ROUNDS = 15
/** On a machine that is very busy there are fewer rounds, so that the bench ends. */
const ENOUGH_ROUNDS = 7
const BUDGET_MS = 45_000
const RUN_LIMIT_MS = 20_000
/** Between a removal and the next click: the reconciler rests, and its idle round is met at any point. */
const REST_MS = 150
const IDLE_ROUND_MS = 1_000

const { LATCHKEY_RUNTIME: choice, dataDir, DOCKER_HOST: dockerHost, LATCHKEY_SERVER_VERSION: serverVersion, origin: url } = env()
const stopwatch = openStopwatch()
const opened = await openRuntime({ choice, dataDir, processUnsafe: false, dockerHost, instance: `bench-${process.pid}` })
const runtime = observedRuntime(opened, stopwatch)
// Where the verbs find the runtime of this server.
Object.assign(globalThis, { [Symbol.for('latchkey.runtime')]: Promise.resolve(runtime) })

async function clearUp(): Promise<void> {
  for (const id of await runtime.list()) await runtime.remove(id)
  await runtime.close()
}

/** Installs and starts directly in turns, on the runtime that LATCHKEY_RUNTIME names. */
async function measure(): Promise<Runs> {
  const health = await runtime.health()
  if (!health.available) throw new Error(health.reason ?? 'The runtime is not available.')
  const { owner, roomId } = await makeWorkplace()
  const { digest } = await loadTemplate(owner, { text: templateText(choice === 'process' ? COMMAND : null) })
  const person = { ...owner, db: observedDatabase(db(), (operation) => operation === '.$queryRaw' && stopwatch.note('locked')) }
  const reconciler = runReconciler({
    db: observedDatabase(db(), (operation) => operation === 'Deployment.findUnique' && stopwatch.note('taken')),
    keyring: keyring(),
    runtime,
    surroundings: { dataDir, serverVersion, url },
    sole: true,
  })

  async function installOnce(): Promise<Moments> {
    stopwatch.note('clicked')
    const result = await installService(person, {
      roomId,
      digest,
      sourceUrl: null,
      inputs: { token: { action: 'set', value: SECRET.value } },
      accepted: [],
      requestKey: crypto.randomUUID(),
      updates: null,
    })
    stopwatch.note('committed')
    if (!result.done) throw new Error(`The bench's template asks for: ${result.ticks.map((tick) => tick.key).join(', ')}`)
    const { installationId } = result
    await watchUntilUp(installationId)
    const moments = stopwatch.take()
    await uninstallService(owner, { installationId, deleteSecrets: [{ owner: SECRET.owner, id: SECRET.id }] })
    for await (const message of watchService(owner, { installationId }, AbortSignal.timeout(RUN_LIMIT_MS))) {
      if (message.kind === 'status' && message.data.phase === 'Removed') break
    }
    return moments
  }

  /** As the service's page does: until it shows both that the service runs and its first line. */
  async function watchUntilUp(installationId: string): Promise<void> {
    let running = false
    let logged = false
    for await (const message of watchService(owner, { installationId }, AbortSignal.timeout(RUN_LIMIT_MS))) {
      if (message.kind === 'status' && message.data.phase === 'Running') {
        running = true
        stopwatch.note('running')
      }
      if (message.kind === 'log') {
        logged = true
        stopwatch.note('printed', Date.parse(message.data.at) - performance.timeOrigin)
        stopwatch.note('logged')
      }
      if (running && logged) return
    }
  }

  const startBare = choice === 'process' ? spawnDirectly : startContainer.bind(null, engine())
  try {
    await startBare()
    const runs: Runs = { ours: [], bare: [], first: await installOnce() }
    const since = performance.now()
    for (let round = 0; round < ROUNDS && (round < ENOUGH_ROUNDS || performance.now() - since < BUDGET_MS); round += 1) {
      runs.bare.push(await startBare())
      await sleep(REST_MS + Math.random() * IDLE_ROUND_MS)
      runs.ours.push(await installOnce())
    }
    return runs
  } finally {
    await reconciler.stop()
    await clearUp()
    await closeDb()
  }
}

await handBack(measure, clearUp)
