'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { currentCall } from '@/lib/auth/current-call'
import { invitePerson, InvitePersonInput } from '@/lib/projects/invite-person'
import { removeGrant } from '@/lib/projects/remove-grant'
import { removeMember } from '@/lib/projects/remove-member'
import { revokeInvitation } from '@/lib/projects/revoke-invitation'
import { setGrant, SetGrantInput } from '@/lib/projects/set-grant'
import { setRole, SetRoleInput } from '@/lib/projects/set-role'
import { parseInput } from '@/lib/parse-input'
import { formText } from '@/lib/ui/form-text'

type Answer = ActionResult<string | null>

const refresh = (projectId: string) => revalidatePath(`/p/${projectId}`, 'layout')

export async function inviteAction(projectId: string, roomId: string | null, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const room = roomId ?? formText(form, 'room')
    const place = room === '' ? {} : { roomId: room, grant: formText(form, 'grant') }
    const role = roomId === null ? formText(form, 'role') : 'member'
    const { link } = await invitePerson(call, parseInput(InvitePersonInput, { projectId, email: formText(form, 'email'), role, ...place }))
    refresh(projectId)
    return link
  })
}

export async function revokeInvitationAction(projectId: string, invitationId: string): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await revokeInvitation(call, { invitationId })
    refresh(projectId)
    return null
  })
}

export async function setRoleAction(projectId: string, userId: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await setRole(call, parseInput(SetRoleInput, { projectId, userId, role: formText(form, 'role') }))
    refresh(projectId)
    return 'Saved.'
  })
}

export async function removeMemberAction(projectId: string, userId: string): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await removeMember(call, { projectId, userId })
    if (userId === call.actor.userId) redirect('/')
    refresh(projectId)
    return null
  })
}

export async function setGrantAction(projectId: string, roomId: string, userId: string | null, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await setGrant(call, parseInput(SetGrantInput, { roomId, userId: userId ?? formText(form, 'userId'), grant: formText(form, 'grant') }))
    refresh(projectId)
    return 'Saved.'
  })
}

export async function removeGrantAction(projectId: string, roomId: string, userId: string): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await removeGrant(call, { roomId, userId })
    if (userId === call.actor.userId) redirect(`/p/${projectId}`)
    refresh(projectId)
    return null
  })
}
