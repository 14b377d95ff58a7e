'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { currentCall } from '@/lib/auth/current-call'
import { createProject } from '@/lib/projects/create-project'
import { createRoom } from '@/lib/projects/create-room'
import { renameProject } from '@/lib/projects/rename-project'
import { renameRoom } from '@/lib/projects/rename-room'
import { formText } from '@/lib/ui/form-text'

type Answer = ActionResult<string | null>

export async function createProjectAction(_: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const { projectId } = await createProject(call, { name: formText(form, 'name') })
    redirect(`/p/${projectId}`)
  })
}

export async function renameProjectAction(projectId: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await renameProject(call, { projectId, name: formText(form, 'name') })
    revalidatePath(`/p/${projectId}`, 'layout')
    return 'The project has its new name.'
  })
}

export async function createRoomAction(projectId: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const { roomId } = await createRoom(call, { projectId, name: formText(form, 'name') })
    redirect(`/p/${projectId}/r/${roomId}`)
  })
}

export async function renameRoomAction(projectId: string, roomId: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await renameRoom(call, { roomId, name: formText(form, 'name') })
    revalidatePath(`/p/${projectId}/r/${roomId}`, 'layout')
    return 'The room has its new name.'
  })
}
