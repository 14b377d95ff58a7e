import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'
import { controlStyle } from './input'

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" className={cn(controlStyle, 'field-sizing-content min-h-10 py-2', className)} {...props} />
}
