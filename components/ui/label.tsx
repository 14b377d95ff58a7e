import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export function Label({ className, ...props }: ComponentProps<'label'>) {
  return <label data-slot="label" className={cn('text-sm leading-5 font-medium', className)} {...props} />
}
