import type { Call } from '@/lib/call'
import type { ProjectRole } from '@/lib/authz/permission'
import { projectsWhere, roomsWhere } from '@/lib/authz/where'

export interface ProjectSummary {
  id: string
  name: string
  role: ProjectRole
  /** Those that the actor may see. */
  rooms: number
  createdAt: Date
}

/** The projects that the actor has a role in, oldest first. */
export async function listProjects(call: Call): Promise<ProjectSummary[]> {
  const { userId } = call.actor
  const projects = await call.db.project.findMany({
    where: projectsWhere(call.actor, 'view:project'),
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      name: true,
      createdAt: true,
      members: { where: { userId }, select: { role: true } },
      _count: { select: { rooms: { where: roomsWhere(call.actor, 'view:room') } } },
    },
  })
  return projects.flatMap(({ members, _count, ...project }) =>
    members.map(({ role }) => ({ ...project, role, rooms: _count.rooms })),
  )
}
