'use server'

import { revalidatePath } from 'next/cache'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { currentCall } from '@/lib/auth/current-call'
import { setSecret } from '@/lib/secrets/set-secret'
import { formLines, formText } from '@/lib/ui/form-text'

type Answer = ActionResult<string | null>

/** Stores a secret; `place` is null where the form names owner and id. */
export async function setSecretAction(projectId: string, roomId: string, place: { owner: string; id: string } | null, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const { owner, id } = place ?? { owner: formText(form, 'owner'), id: formText(form, 'id') }
    await setSecret(call, { roomId, owner, id, value: formLines(form, 'value') })
    revalidatePath(`/p/${projectId}/r/${roomId}`, 'layout')
    return `Stored “${id}” for ${owner}.`
  })
}
