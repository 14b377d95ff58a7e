import { Checkbox } from '@/components/ui/checkbox'
import { cn } from '@/lib/ui/cn'
import type { Tick } from '@/lib/install/views'

interface TickListProps {
  ticks: readonly Tick[]
  /** Controlled: which keys are set. Absent: the browser keeps them and sends them as `tick`. */
  checked?: readonly string[]
  onChange?: (key: string, on: boolean) => void
  /** The person tried to go on without all of them. */
  wanted?: boolean
}

/** Warnings that each need a tick of their own. */
export function TickList({ ticks, checked, onChange, wanted = false }: TickListProps) {
  return (
    <ul className="flex flex-col gap-3">
      {ticks.map((tick) => {
        const missing = wanted && checked !== undefined && !checked.includes(tick.key)
        return (
          <li key={tick.key}>
            <label className={cn('bg-caution-soft border-caution/30 flex items-start gap-3 rounded-lg border px-4 py-3 text-sm leading-relaxed', missing && 'border-destructive')}>
              <Checkbox
                id={`tick-${tick.key}`}
                name="tick"
                value={tick.key}
                required
                aria-invalid={missing}
                {...(checked === undefined ? {} : { checked: checked.includes(tick.key), onChange: (event) => onChange?.(tick.key, event.target.checked) })}
              />
              <span className="min-w-0 wrap-anywhere">
                {tick.message}
                {tick.line > 0 ? <span className="text-muted-foreground block text-xs">Line {tick.line} of the template</span> : null}
                {missing ? <span className="text-destructive block font-medium">Tick this to go on, or cancel.</span> : null}
              </span>
            </label>
          </li>
        )
      })}
    </ul>
  )
}
