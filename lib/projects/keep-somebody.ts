import type { Tx } from '@/lib/db/client'
import { AppError } from '@/lib/errors'

/**
 * Looked at after a change and before its commit, under lockProject.
 * @throws AppError conflict when the project has no admin left
 */
export async function keepAnAdmin(tx: Tx, projectId: string): Promise<void> {
  const admin = await tx.projectMember.findFirst({ where: { projectId, role: 'admin' }, select: { userId: true } })
  if (!admin) throw new AppError('conflict', 'A project keeps at least one admin. Make somebody else an admin first.')
}

/**
 * Looked at after a change and before its commit, under lockProject.
 * @throws AppError conflict when one of the rooms has no owner left
 */
export async function keepAnOwner(tx: Tx, roomIds: readonly string[]): Promise<void> {
  const orphan = await tx.room.findFirst({
    where: { id: { in: [...roomIds] }, members: { none: { grant: 'owner' } } },
    select: { name: true },
  })
  if (orphan) throw new AppError('conflict', `A room keeps at least one owner. Make somebody else an owner of “${orphan.name}” first.`)
}
