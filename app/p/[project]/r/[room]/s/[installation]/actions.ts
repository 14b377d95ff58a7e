'use server'

import { revalidatePath } from 'next/cache'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { currentCall } from '@/lib/auth/current-call'
import { AppError } from '@/lib/errors'
import { restartService } from '@/lib/install/restart-service'
import { uninstallService } from '@/lib/install/uninstall-service'
import { secretPlace } from '@/lib/ui/secret-choice'

type Answer = ActionResult<string | null>

export async function restartAction(path: string, installationId: string): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    await restartService(call, { installationId })
    revalidatePath(path)
    return null
  })
}

export async function uninstallAction(path: string, installationId: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const deleteSecrets = form.getAll('secret').map((value) => {
      const place = secretPlace(value)
      if (!place) throw new AppError('invalid', 'The form was not sent whole. Reload the page and try again.')
      return place
    })
    await uninstallService(call, { installationId, deleteSecrets })
    revalidatePath(path)
    return null
  })
}
