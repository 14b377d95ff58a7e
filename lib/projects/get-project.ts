import type { Call } from '@/lib/call'
import { can, projectPolicy, type ProjectPermission, type ProjectRole } from '@/lib/authz/permission'
import { requireProject } from '@/lib/authz/require'

export interface ProjectView {
  id: string
  name: string
  role: ProjectRole
  /** What the actor may do here, so that pages offer nothing else. */
  allowed: ProjectPermission[]
}

/** @throws AppError not-found */
export async function getProject(call: Call, { projectId }: { projectId: string }): Promise<ProjectView> {
  const { project, standing } = await requireProject(call, projectId, 'view:project')
  const permissions = Object.keys(projectPolicy) as ProjectPermission[]
  return { ...project, role: standing.role, allowed: permissions.filter((permission) => can(standing, permission)) }
}
