import type { ProjectRole } from '@/lib/authz/permission'
import { requireProject } from '@/lib/authz/require'
import type { Call } from '@/lib/call'

export interface Member {
  userId: string
  email: string
  name: string | null
  role: ProjectRole
}

/**
 * The people of a project, by e-mail address. Everybody in it sees them.
 * @throws AppError not-found
 */
export async function listMembers(call: Call, { projectId }: { projectId: string }): Promise<Member[]> {
  await requireProject(call, projectId, 'view:project')
  const members = await call.db.projectMember.findMany({
    where: { projectId },
    orderBy: { user: { email: 'asc' } },
    select: { userId: true, role: true, user: { select: { email: true, name: true } } },
  })
  return members.map(({ user, ...member }) => ({ ...member, ...user }))
}
