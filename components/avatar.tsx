import { cn } from '@/lib/ui/cn'
import { avatarText } from '@/lib/ui/avatar'

export function Avatar({ icon, name, className }: { icon?: string | null | undefined; name: string; className?: string }) {
  return (
    <span aria-hidden className={cn('bg-secondary text-primary grid size-12 shrink-0 place-items-center overflow-hidden rounded-xl text-xl font-semibold', className)}>
      {avatarText(icon, name)}
    </span>
  )
}
