import { Check } from 'lucide-react'
import { cn } from '@/lib/ui/cn'

export const wizardSteps = ['Template', 'Review', 'Place', 'Details'] as const
export type WizardStep = (typeof wizardSteps)[number]

export function StepList({ current }: { current: WizardStep }) {
  const place = wizardSteps.indexOf(current)
  return (
    <ol aria-label="Steps of the installation" className="mb-8 flex gap-2 text-sm">
      {wizardSteps.map((step, index) => (
        <li key={step} aria-current={index === place ? 'step' : undefined} className={cn('flex flex-1 flex-col gap-2 border-t-3 pt-2', index <= place ? 'border-primary' : 'border-border')}>
          <span className={cn('flex items-center gap-1.5', index === place ? 'font-semibold' : 'text-muted-foreground')}>
            {index < place ? <Check aria-hidden className="text-primary size-4 shrink-0" /> : <span aria-hidden className="tabular-nums max-sm:hidden">{index + 1}.</span>}
            {step}
            {index < place ? <span className="sr-only">, done</span> : null}
          </span>
        </li>
      ))}
    </ol>
  )
}
