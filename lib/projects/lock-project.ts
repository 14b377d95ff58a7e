import type { Tx } from '@/lib/db/client'

/**
 * Makes changes of who stands where in a project wait for each other until the transaction ends, so that no two of
 * them can each take away the other one's last admin or owner.
 */
export async function lockProject(tx: Tx, projectId: string): Promise<void> {
  await tx.$queryRaw`SELECT "id" FROM "Project" WHERE "id" = ${projectId}::uuid FOR UPDATE`
}
