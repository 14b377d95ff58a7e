import { Check, Circle, CirclePause, LoaderCircle, X } from 'lucide-react'
import { cn } from '@/lib/ui/cn'
import type { PhaseName } from '@/lib/install/views'
import { startSteps, type StepState } from '@/lib/ui/phase'

const marks: Record<StepState, { Icon: typeof Check; style: string; word: string }> = {
  done: { Icon: Check, style: 'text-positive', word: 'done' },
  now: { Icon: LoaderCircle, style: 'text-progress animate-spin', word: 'in progress' },
  waiting: { Icon: CirclePause, style: 'text-caution', word: 'waiting' },
  wrong: { Icon: X, style: 'text-destructive', word: 'failed' },
  later: { Icon: Circle, style: 'text-muted-foreground/60', word: 'to come' },
}

export function StartSteps({ phase, usesImage }: { phase: PhaseName; usesImage: boolean }) {
  return (
    <ol aria-label="Progress" className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-4">
      {startSteps(phase, usesImage).map(({ label, state }) => {
        const { Icon, style, word } = marks[state]
        return (
          <li key={label} data-state={state} aria-current={state === 'now' ? 'step' : undefined} className={cn('flex items-center gap-2', state === 'later' && 'text-muted-foreground')}>
            <Icon aria-hidden className={cn('size-4 shrink-0', style)} />
            <span>
              {label}
              <span className="sr-only">: {word}</span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}
