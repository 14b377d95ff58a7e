import { z } from 'zod'
import { record } from '@/lib/audit/record'
import type { Call } from '@/lib/call'
import { parseInput } from '@/lib/parse-input'
import { ProjectName } from './name'

export const CreateProjectInput = z.object({ name: ProjectName })

/**
 * Makes a project; who makes it is its admin. Anybody who has signed in may.
 * @throws AppError invalid
 */
export async function createProject(call: Call, input: unknown): Promise<{ projectId: string }> {
  const { name } = parseInput(CreateProjectInput, input)
  const { userId } = call.actor
  return await call.db.$transaction(async (tx) => {
    const project = await tx.project.create({
      data: { name, ownerUserId: userId, members: { create: { userId, role: 'admin' } } },
      select: { id: true },
    })
    await record(tx, call, { action: 'project:create', projectId: project.id, target: project.id })
    return { projectId: project.id }
  })
}
