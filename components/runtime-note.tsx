import { Alert, AlertTitle } from '@/components/ui/alert'
import type { RuntimeView } from '@/lib/install/views'

const strength = {
  container: 'Runs in a container of its own',
  namespaces: 'Runs as a separated process on this machine',
  none: 'Runs without separation from this machine',
} as const

/** How strongly services are kept apart here, and whether the image is used at all. */
export function RuntimeNote({ runtime }: { runtime: RuntimeView }) {
  if (!runtime.available) {
    return (
      <Alert tone="destructive">
        <AlertTitle>Services cannot run on this server at the moment</AlertTitle>
        <p>{runtime.reason}</p>
      </Alert>
    )
  }
  return (
    <Alert tone={runtime.isolation === 'none' ? 'caution' : 'info'}>
      <AlertTitle>
        {strength[runtime.isolation]}
        {runtime.usesImage ? '' : '; the image is not used'}
      </AlertTitle>
      <p>{runtime.isolationNote}</p>
    </Alert>
  )
}
