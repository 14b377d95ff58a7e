'use server'

import { toActionResult, type ActionResult } from '@/lib/action-result'
import { completeSetup } from '@/lib/auth/complete-setup'
import { currentVisit } from '@/lib/auth/current-call'
import { formText } from '@/lib/ui/form-text'

export async function completeSetupAction(token: string, _: ActionResult<string | null> | null, form: FormData): Promise<ActionResult<string | null>> {
  return await toActionResult(async () => {
    const visit = await currentVisit()
    const { email } = await completeSetup(visit, { token, email: formText(form, 'email'), name: formText(form, 'name'), password: formText(form, 'password') })
    return email
  })
}
