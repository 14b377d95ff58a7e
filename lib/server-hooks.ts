import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FirstAdmin } from '@/lib/auth/first-admin'

/** What the bundle that Next makes hands to server.ts, whose modules are another copy. */
export interface ServerHooks {
  firstAdmin: FirstAdmin
  /** Ends services that must not outlive the server and closes the database. */
  stop(): Promise<void>
}

/** Takes over a connection that asks for another protocol, such as a room's WebSocket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

interface Start {
  outcome: Promise<ServerHooks>
  settle(outcome: Promise<ServerHooks>): void
}

const SERVER = Symbol.for('latchkey.server')
const UPGRADE = Symbol.for('latchkey.upgrade')
const slots = globalThis as { [SERVER]?: Start; [UPGRADE]?: UpgradeHandler }

function start(): Start {
  let settle: Start['settle'] = () => undefined
  const outcome = new Promise<ServerHooks>((resolve) => {
    settle = resolve
  })
  return { outcome, settle }
}

/** Called once by instrumentation.ts, which Next runs without telling when, or whether it failed. */
export const registerServer = (outcome: Promise<ServerHooks>): void => {
  ;(slots[SERVER] ??= start()).settle(outcome)
}

/** Settles as the start of the server does. */
export const registeredServer = (): Promise<ServerHooks> => (slots[SERVER] ??= start()).outcome

export const registerUpgrades = (handler: UpgradeHandler): void => {
  slots[UPGRADE] = handler
}

export const registeredUpgrades = (): UpgradeHandler | undefined => slots[UPGRADE]
