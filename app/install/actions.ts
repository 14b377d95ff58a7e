'use server'

import { redirect } from 'next/navigation'
import type { InstallOutcome } from '@/components/install/install-form'
import { toActionResult, type ActionResult } from '@/lib/action-result'
import { currentCall } from '@/lib/auth/current-call'
import { AppError } from '@/lib/errors'
import { installService } from '@/lib/install/install-service'
import { loadTemplate } from '@/lib/install/load-template'
import type { InstallRequest } from '@/lib/install/install-request'
import { reviewTemplate } from '@/lib/install/review-template'
import { normalizeUpload } from '@/lib/manifest/template-text'
import { createProject } from '@/lib/projects/create-project'
import { createRoom } from '@/lib/projects/create-room'
import { getRoom } from '@/lib/projects/get-room'
import { formLines, formText } from '@/lib/ui/form-text'
import { installPath } from '@/lib/ui/install-path'
import { rememberConsent } from './consent'

type Answer = ActionResult<string | null>

export interface Reviewed {
  digest: string
  sourceUrl: string | null
  roomId: string | undefined
}

/** A pasted text or an uploaded file becomes a template to review. */
export async function loadTextAction(room: string | undefined, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const file = form.get('file')
    const field = file instanceof File ? 'file' : 'text'
    const bytes = file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(formLines(form, 'text'))
    if (bytes.length === 0) throw new AppError('invalid', '', { fields: { [field]: field === 'file' ? 'Choose a file first.' : 'Paste a template first.' } })
    const { digest } = await loadTemplate(call, { text: readText(bytes, field) })
    redirect(installPath({ template: digest, room }))
  })
}

function readText(bytes: Uint8Array, field: string): string {
  try {
    return normalizeUpload(bytes)
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, error.message, { fields: { [field]: error.message }, cause: error.cause })
    throw error
  }
}

/** The person has read the review and ticked every warning of it. */
export async function acceptReviewAction({ digest, sourceUrl, roomId }: Reviewed, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const review = await reviewTemplate(call, { digest, sourceUrl, ...(roomId === undefined ? {} : { roomId }) })
    const ticked = new Set(form.getAll('tick'))
    if (review.stops.length > 0) throw new AppError('invalid', 'This template cannot be installed.')
    if (!review.ticks.every((tick) => ticked.has(tick.key))) throw new AppError('invalid', 'Tick each warning to go on. If you do not agree with one, do not install this template.')
    await rememberConsent(digest, sourceUrl, review.ticks.map((tick) => tick.key))
    redirect(installPath({ template: digest, room: roomId, step: roomId === undefined ? 'place' : 'form' }))
  })
}

export async function createInstallProjectAction(template: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const { projectId } = await createProject(call, { name: formText(form, 'name') })
    redirect(installPath({ template, step: 'place', project: projectId }))
  })
}

export async function createInstallRoomAction(template: string, projectId: string, _: Answer | null, form: FormData): Promise<Answer> {
  return await toActionResult(async () => {
    const call = await currentCall()
    const { roomId } = await createRoom(call, { projectId, name: formText(form, 'name') })
    redirect(installPath({ template, step: 'form', room: roomId }))
  })
}

export async function installAction(request: InstallRequest): Promise<ActionResult<InstallOutcome>> {
  return await toActionResult<InstallOutcome>(async () => {
    const call = await currentCall()
    const result = await installService(call, request)
    if (!result.done) return { ticks: result.ticks }
    const { project, id } = await getRoom(call, { roomId: request.roomId })
    return { href: `/p/${project.id}/r/${id}/s/${result.installationId}` }
  })
}
