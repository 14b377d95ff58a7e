import type { ComponentProps } from 'react'
import { cn } from '@/lib/ui/cn'

export const controlStyle =
  'border-input bg-card placeholder:text-muted-foreground w-full min-w-0 rounded-md border px-3 text-base shadow-xs transition-[color,border-color] disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-destructive md:text-sm'

export function Input({ className, type, ...props }: ComponentProps<'input'>) {
  return <input type={type} data-slot="input" className={cn(controlStyle, 'h-10 py-2', 'file:bg-secondary file:text-foreground file:mr-3 file:h-7 file:rounded-sm file:border-0 file:px-2 file:text-sm file:font-medium', className)} {...props} />
}
