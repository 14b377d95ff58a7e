import type { Call } from '@/lib/call'
import { requireServerAdmin } from '@/lib/authz/require'

export interface ProjectOverview {
  id: string
  name: string
  members: number
  rooms: number
  createdAt: Date
}

/**
 * Every project of the server, for its admins: that it is there and how large, nothing of what is in it.
 * @throws AppError forbidden unless the actor is an admin of the server
 */
export async function listAllProjects(call: Call): Promise<ProjectOverview[]> {
  requireServerAdmin(call)
  const projects = await call.db.project.findMany({
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, createdAt: true, _count: { select: { members: true, rooms: true } } },
  })
  return projects.map(({ _count, ...project }) => ({ ...project, ..._count }))
}
