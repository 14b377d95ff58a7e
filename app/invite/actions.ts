'use server'

import { redirect } from 'next/navigation'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { currentVisit } from '@/lib/auth/current-call'
import { acceptInvitation } from '@/lib/projects/accept-invitation'
import { formText } from '@/lib/ui/form-text'

type Answer = ActionResult<string | null>

/** A signed-in person takes the invitation. */
export async function acceptInvitationAction(token: string): Promise<Answer> {
  return await toActionResult(async () => {
    const visit = await currentVisit()
    const { projectId, roomId } = await acceptInvitation(visit, { token })
    redirect(roomId === null ? `/p/${projectId}` : `/p/${projectId}/r/${roomId}`)
  })
}

/** Somebody new takes it and gets an account. */
export async function joinAction(token: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const visit = await currentVisit()
    const { email } = await acceptInvitation(visit, { token, name: formText(form, 'name'), password: formText(form, 'password') })
    return email
  })
}
