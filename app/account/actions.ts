'use server'

import { redirect } from 'next/navigation'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { changePassword } from '@/lib/auth/change-password'
import { currentCall } from '@/lib/auth/current-call'
import { signOutEverywhere } from '@/lib/auth/sign-out-everywhere'
import { formText } from '@/lib/ui/form-text'

type Answer = ActionResult<string | null>

/** Answers with the person's address, so that the form signs in again. */
export async function changePasswordAction(_: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await changePassword(call, { current: formText(form, 'current'), next: formText(form, 'next') })
    return call.actor.email
  })
}

export async function signOutEverywhereAction(): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await signOutEverywhere(call)
    redirect('/sign-in')
  })
}
