/** A keyhole in a door plate. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <rect x="3" y="1.5" width="18" height="21" rx="6" className="fill-primary" />
      <path d="M12 6.75a3 3 0 0 0-1.6 5.54L9.5 17h5l-.9-4.71A3 3 0 0 0 12 6.75Z" className="fill-primary-foreground" />
    </svg>
  )
}
