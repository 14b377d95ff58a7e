import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Call } from '@/lib/call'
import { createKeyring, type Keyring } from '@/lib/crypto/keyring'
import { localRootKeys } from '@/lib/crypto/root-keys'
import { freshDatabase, type FreshDatabase } from '@/lib/db/testing'
import { runReconciler, type Reconciler, type ReconcilerParts } from '@/lib/deployments/reconcile'
import { openMemoryRuntime, type MemoryOptions, type MemoryRuntime } from '@/lib/runtimes/memory'
import { installService } from './install-service'
import type { InstallRequest } from './install-request'
import { loadTemplate } from './load-template'

/** A room with an owner on a database of its own, a simulated runtime, and a reconciler over both. For tests. */
export interface Workshop {
  fresh: FreshDatabase
  dataDir: string
  keys: Keyring
  runtime: MemoryRuntime
  parts: ReconcilerParts
  roomId: string
  projectId: string
  owner: Call
  person(email: string): Promise<Call>
  /** A template that the verbs can find by its digest. */
  stored(text: string): Promise<string>
  install(digest: string, inputs: Record<string, string>, more?: Partial<InstallRequest>): Promise<string>
  startReconciler(): Reconciler
  close(): Promise<void>
}

const slots = globalThis as unknown as Record<symbol, unknown>

export async function openWorkshop(options: MemoryOptions & { on?: 'embedded' | 'postgres' } = {}): Promise<Workshop> {
  const fresh = await freshDatabase(options.on ?? 'embedded')
  const dataDir = mkdtempSync(path.join(tmpdir(), 'latchkey-workshop-'))
  const keys = createKeyring(localRootKeys([{ id: 'root', bytes: Buffer.alloc(32, 5) }]))
  const runtime = openMemoryRuntime(options)
  slots[Symbol.for('latchkey.keyring')] = keys
  slots[Symbol.for('latchkey.runtime')] = Promise.resolve(runtime)

  const person = async (email: string): Promise<Call> => {
    const user = await fresh.db.user.create({ data: { email } })
    return { db: fresh.db, actor: { userId: user.id, email, serverAdmin: false }, requestId: 'test' }
  }
  const owner = await person('owner@example.com')
  const project = await fresh.db.project.create({
    data: { name: 'Workshop', ownerUserId: owner.actor.userId, members: { create: { userId: owner.actor.userId, role: 'admin' } } },
  })
  const room = await fresh.db.room.create({
    data: { projectId: project.id, name: 'Bench', members: { create: { userId: owner.actor.userId, grant: 'owner' } } },
  })
  const parts = { db: fresh.db, keyring: keys, runtime, surroundings: { dataDir, serverVersion: '9.9.9', url: 'http://localhost' }, sole: true }
  const reconcilers: Reconciler[] = []
  return {
    fresh, dataDir, keys, runtime, parts, owner, person,
    roomId: room.id,
    projectId: project.id,
    stored: async (text) => (await loadTemplate(owner, { text })).digest,
    install: async (digest, inputs, more = {}) => {
      const result = await installService(owner, {
        roomId: room.id,
        digest,
        sourceUrl: null,
        inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value === '' ? { action: 'keep' } : { action: 'set', value }])),
        accepted: [],
        requestKey: crypto.randomUUID(),
        updates: null,
        ...more,
      })
      if (!result.done) throw new Error(`not installed, it asks for: ${result.ticks.map((tick) => tick.key).join(', ')}`)
      return result.installationId
    },
    startReconciler: () => {
      const reconciler = runReconciler(parts)
      reconcilers.push(reconciler)
      return reconciler
    },
    close: async () => {
      for (const reconciler of reconcilers) await reconciler.stop()
      await runtime.close()
      await fresh.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Waits until `look` finds something. @throws Error after `seconds`. */
export async function until<T>(look: () => Promise<T | null | undefined | false> | T | null | undefined | false, seconds = 10): Promise<T> {
  const end = Date.now() + seconds * 1_000
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`not so within ${String(seconds)} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
