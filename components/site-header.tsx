import Link from 'next/link'
import { CircleUser, Menu } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Disclosure } from './disclosure'
import { Logo } from './logo'
import { NavLink } from './nav-link'
import { SignOutButton } from './sign-out-button'

const item = 'hover:bg-accent aria-[current]:font-medium flex items-center rounded-md px-3 py-2 text-sm'

function places(serverAdmin: boolean) {
  return [
    { href: '/', label: 'Projects' },
    { href: '/templates', label: 'Templates' },
    { href: '/install', label: 'Install' },
    ...(serverAdmin ? [{ href: '/admin', label: 'Admin' }] : []),
  ]
}

export function SiteHeader({ person }: { person: { email: string; serverAdmin: boolean } | null }) {
  return (
    <header className="bg-card/80 border-b">
      <div className="mx-auto flex h-15 max-w-6xl items-center gap-2 px-4 sm:px-6">
        <Link href="/" className="mr-2 flex items-center gap-2 rounded-md py-1 pr-1 font-semibold tracking-tight">
          <Logo className="size-6" />
          Latchkey
        </Link>
        {person ? (
          <>
            <nav aria-label="Main" className="hidden gap-1 md:flex">
              {places(person.serverAdmin).map(({ href, label }) => (
                <NavLink key={href} href={href} className="text-muted-foreground hover:text-foreground hover:bg-accent aria-[current]:text-foreground rounded-md px-3 py-2 text-sm font-medium">
                  {label}
                </NavLink>
              ))}
            </nav>
            <div className="ml-auto">
              <Disclosure
                label="Menu"
                summary={
                  <>
                    <Menu aria-hidden className="size-5 md:hidden" />
                    <CircleUser aria-hidden className="hidden size-5 md:block" />
                    <span className="max-w-56 truncate max-md:hidden">{person.email}</span>
                  </>
                }
              >
                <p className="text-muted-foreground truncate px-3 pt-1.5 pb-2 text-xs" title={person.email}>
                  {person.email}
                </p>
                <nav aria-label="Menu">
                  <ul>
                    {places(person.serverAdmin).map(({ href, label }) => (
                      <li key={href} className="md:hidden">
                        <NavLink href={href} className={item}>
                          {label}
                        </NavLink>
                      </li>
                    ))}
                    <li>
                      <NavLink href="/account" className={item}>
                        Your account
                      </NavLink>
                    </li>
                  </ul>
                </nav>
                <SignOutButton className={item} />
              </Disclosure>
            </div>
          </>
        ) : (
          <Button asChild variant="outline" size="sm" className="ml-auto">
            <Link href="/sign-in">Sign in</Link>
          </Button>
        )}
      </div>
    </header>
  )
}
