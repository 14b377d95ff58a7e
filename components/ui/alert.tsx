import type { ComponentProps } from 'react'
import { cva, type VariantProps } from 'class-variance-authority'
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import { cn } from '@/lib/ui/cn'

const alertVariants = cva('flex gap-3 rounded-lg border px-4 py-3 text-sm leading-relaxed', {
  variants: {
    tone: {
      info: 'bg-progress-soft border-progress/25 [&>svg]:text-progress',
      caution: 'bg-caution-soft border-caution/30 [&>svg]:text-caution',
      destructive: 'bg-destructive-soft border-destructive/30 [&>svg]:text-destructive',
      positive: 'bg-positive-soft border-positive/25 [&>svg]:text-positive',
    },
  },
  defaultVariants: { tone: 'info' },
})
const icons = { info: Info, caution: TriangleAlert, destructive: CircleAlert, positive: CircleCheck }

export function Alert({ className, tone, children, ...props }: ComponentProps<'div'> & VariantProps<typeof alertVariants>) {
  const Icon = icons[tone ?? 'info']
  return (
    <div data-slot="alert" className={cn(alertVariants({ tone, className }))} {...props}>
      <Icon aria-hidden className="mt-0.5 size-4.5 shrink-0" />
      <div className="min-w-0 flex-1 space-y-1 wrap-anywhere">{children}</div>
    </div>
  )
}

export function AlertTitle({ className, ...props }: ComponentProps<'p'>) {
  return <p data-slot="alert-title" className={cn('font-semibold', className)} {...props} />
}
