import { EventEmitter } from 'node:events'

/**
 * In-process signals between verbs, the reconciler and the pages that watch. They only save waiting: whoever misses one
 * finds the same in the database a little later.
 */
const slot = Symbol.for('latchkey.signals')
const store = globalThis as typeof globalThis & { [slot]?: EventEmitter }

function signals(): EventEmitter {
  return (store[slot] ??= new EventEmitter().setMaxListeners(0))
}

/** Something should be different from what is: look now. */
export const wakeReconciler = (): void => void signals().emit('wake')

export function onWake(listener: () => void): () => void {
  signals().on('wake', listener)
  return () => void signals().off('wake', listener)
}

/** A deployment's status or events changed. */
export const announceChange = (installationId: string): void => void signals().emit(`change:${installationId}`)

export function onChange(installationId: string, listener: () => void): () => void {
  signals().on(`change:${installationId}`, listener)
  return () => void signals().off(`change:${installationId}`, listener)
}
