import { currentCall } from '@/lib/auth/current-call'
import { toResponse } from '@/lib/http'
import { watchService, type ServiceMessage } from '@/lib/install/watch-service'
import { requireInstallation } from '@/lib/install/require-installation'

export const dynamic = 'force-dynamic'

const frame = ({ kind, data }: ServiceMessage): string => `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`

/** Server-sent events: `status`, `event` and `log` messages of one service. */
export async function GET(request: Request, context: { params: Promise<{ installation: string }> }): Promise<Response> {
  try {
    const call = await currentCall()
    const { installation } = await context.params
    await requireInstallation(call, installation, 'view:service')
    const left = new AbortController()
    const signal = AbortSignal.any([request.signal, left.signal])
    const messages = watchService(call, { installationId: installation }, signal)
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const next = await messages.next()
          if (next.done === true) controller.close()
          else controller.enqueue(encoder.encode(frame(next.value)))
        } catch {
          controller.close()
        }
      },
      async cancel() {
        left.abort()
        await messages.return(undefined)
      },
    })
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    })
  } catch (error) {
    return toResponse(error)
  }
}
