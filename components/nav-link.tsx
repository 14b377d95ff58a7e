'use client'

import type { ReactNode } from 'react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

/** A link of the main navigation; it knows when it leads to where the person is. */
export function NavLink({ href, className, children }: { href: string; className: string; children: ReactNode }) {
  const pathname = usePathname()
  const here = href === '/' ? pathname === '/' || pathname.startsWith('/p/') : pathname.startsWith(href)
  return (
    <Link href={href} aria-current={here ? 'page' : undefined} className={className}>
      {children}
    </Link>
  )
}
