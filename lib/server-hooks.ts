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

const SERVER = Symbol.for('latchkey.server')
const UPGRADE = Symbol.for('latchkey.upgrade')
const slots = globalThis as { [SERVER]?: ServerHooks; [UPGRADE]?: UpgradeHandler }

export const registerServer = (hooks: ServerHooks): void => {
  slots[SERVER] = hooks
}

/** Undefined until Next has started. */
export const registeredServer = (): ServerHooks | undefined => slots[SERVER]

export const registerUpgrades = (handler: UpgradeHandler): void => {
  slots[UPGRADE] = handler
}

export const registeredUpgrades = (): UpgradeHandler | undefined => slots[UPGRADE]
