import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export function Checkbox({ className, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  return <input type="checkbox" data-slot="checkbox" className={cn('accent-primary mt-0.5 size-4.5 shrink-0 cursor-pointer', className)} {...props} />
}
