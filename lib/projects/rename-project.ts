import { z } from 'zod'
import { record } from '@/lib/audit/record'
import { requireProject } from '@/lib/authz/require'
import { projectsWhere } from '@/lib/authz/where'
import type { Call } from '@/lib/call'
import { notFound } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { ProjectName } from './name'

export const RenameProjectInput = z.object({ projectId: z.string(), name: ProjectName })

/** @throws AppError not-found, forbidden, invalid */
export async function renameProject(call: Call, input: { projectId: string; name: string }): Promise<void> {
  await requireProject(call, input.projectId, 'rename:project')
  const { projectId, name } = parseInput(RenameProjectInput, input)
  await call.db.$transaction(async (tx) => {
    const renamed = await tx.project.updateMany({ where: { id: projectId, ...projectsWhere(call.actor, 'rename:project') }, data: { name } })
    if (renamed.count !== 1) throw notFound('The project')
    await record(tx, call, { action: 'project:rename', projectId, target: projectId })
  })
}
