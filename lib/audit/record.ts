import type { Call } from '@/lib/call'
import type { Tx } from '@/lib/db/client'

/** Everything that leaves a row. */
export type AuditAction =
  | 'sign-in'
  | 'sign-out'
  | 'setup'
  | 'password:change'
  | 'project:create'
  | 'project:rename'
  | 'member:set-role'
  | 'member:remove'
  | 'room:create'
  | 'room:rename'
  | 'grant:set'
  | 'grant:remove'
  | 'invitation:create'
  | 'invitation:revoke'
  | 'invitation:accept'
  | 'template:load'
  | 'service:install'
  | 'service:update'
  | 'service:uninstall'
  | 'service:restart'
  | 'secret:set'
  | 'secret:delete'
  | 'secret:read'

export interface AuditEntry {
  action: AuditAction
  outcome?: 'done' | 'denied' | 'failed'
  projectId?: string
  roomId?: string
  /** What was acted on: an id or a name, never a value. */
  target: string
  /** Named facts, each chosen by the verb. Never whole rows or inputs. */
  details?: Readonly<Record<string, string | number | boolean | null>>
}

/** Who did it when no person did: the reconciler acts in its own name. */
export type AuditCaller = Pick<Call, 'requestId'> & { actor: { email: string } }

/**
 * Writes one audit row in the transaction of the act itself, so that there is no act without its row.
 * @throws whatever the database throws; the act then does not happen.
 */
export async function record(tx: Tx, caller: AuditCaller, entry: AuditEntry): Promise<void> {
  await tx.auditEvent.create({
    data: {
      actor: caller.actor.email,
      action: entry.action,
      outcome: entry.outcome ?? 'done',
      ...(entry.projectId === undefined ? {} : { projectId: entry.projectId }),
      ...(entry.roomId === undefined ? {} : { roomId: entry.roomId }),
      target: entry.target,
      requestId: caller.requestId,
      details: entry.details ?? {},
    },
  })
}
