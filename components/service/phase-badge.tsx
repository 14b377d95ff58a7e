import { Circle, CircleAlert, CircleCheck, CircleStop, KeyRound, LoaderCircle, RotateCw, Trash2 } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import type { PhaseName } from '@/lib/install/views'
import { phaseFaces } from '@/lib/ui/phase'

const icons = {
  Pending: Circle,
  Pulling: LoaderCircle,
  Starting: LoaderCircle,
  Running: CircleCheck,
  Degraded: RotateCw,
  NeedsSecret: KeyRound,
  Failed: CircleAlert,
  Stopped: CircleStop,
  Removed: Trash2,
} satisfies Record<PhaseName, unknown>

export function PhaseBadge({ phase }: { phase: PhaseName }) {
  const Icon = icons[phase]
  const face = phaseFaces[phase]
  return (
    <Badge tone={face.tone} data-phase={phase}>
      <Icon aria-hidden className={Icon === LoaderCircle ? 'animate-spin' : undefined} />
      {face.label}
    </Badge>
  )
}
