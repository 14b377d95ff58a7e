import type { ComponentProps } from 'react'
import { cva, type VariantProps } from 'class-variance-authority'
import { cn } from '@/lib/ui/cn'

const badgeVariants = cva("inline-flex w-fit items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0", {
  variants: {
    tone: {
      neutral: 'bg-secondary text-secondary-foreground',
      positive: 'bg-positive-soft text-positive',
      progress: 'bg-progress-soft text-progress',
      caution: 'bg-caution-soft text-caution',
      destructive: 'bg-destructive-soft text-destructive',
      outline: 'border text-muted-foreground',
    },
  },
  defaultVariants: { tone: 'neutral' },
})

export type BadgeTone = NonNullable<VariantProps<typeof badgeVariants>['tone']>

export function Badge({ className, tone, ...props }: ComponentProps<'span'> & VariantProps<typeof badgeVariants>) {
  return <span data-slot="badge" className={cn(badgeVariants({ tone, className }))} {...props} />
}
