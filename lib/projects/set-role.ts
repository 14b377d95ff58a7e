import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { projectRoles } from '@/lib/authz/permission'
import { isId, requireProject } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { keepAnAdmin } from './keep-somebody'
import { lockProject } from './lock-project'

export const SetRoleInput = z.object({ projectId: z.string(), userId: z.string(), role: z.enum(projectRoles) })
export type SetRoleInput = z.infer<typeof SetRoleInput>

/**
 * Changes the role of somebody who is in the project; people come in by invitation.
 * @throws AppError not-found, forbidden, invalid, conflict when it would leave the project without an admin
 */
export async function setRole(call: Call, input: SetRoleInput): Promise<void> {
  await requireProject(call, input.projectId, 'manage:members')
  const { projectId, userId, role } = parseInput(SetRoleInput, input)
  if (!isId(userId)) throw notFound('The person')
  await call.db.$transaction(async (tx) => {
    await lockProject(tx, projectId)
    await requireProject({ actor: call.actor, db: tx }, projectId, 'manage:members')
    const changed = await tx.projectMember.updateMany({ where: { projectId, userId }, data: { role } })
    if (changed.count !== 1) throw notFound('The person')
    await keepAnAdmin(tx, projectId)
    await record(tx, call, { action: 'member:set-role', projectId, target: userId, details: { role } })
  })
}
