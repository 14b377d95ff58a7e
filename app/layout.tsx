import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { cookies } from 'next/headers'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import { SiteHeader } from '@/components/site-header'
import { ThemeSwitch } from '@/components/theme-switch'
import { currentActor } from '@/lib/auth/current-actor'
import { cn } from '@/lib/ui/cn'
import { THEME_COOKIE, themeOf } from '@/lib/ui/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Latchkey', template: '%s · Latchkey' },
  description: 'Install agents and services, and keep their secrets with the identity that needs them.',
  robots: { index: false, follow: false },
  referrer: 'same-origin',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const actor = await currentActor()
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <html lang="en" className={cn(GeistSans.variable, GeistMono.variable, theme !== 'system' && theme)}>
      <body className="flex min-h-dvh flex-col">
        <a href="#main" className="bg-primary text-primary-foreground sr-only z-50 rounded-md px-4 py-2 text-sm font-medium focus:not-sr-only focus:absolute focus:top-3 focus:left-3">
          Skip to the content
        </a>
        <SiteHeader person={actor && { email: actor.email, serverAdmin: actor.serverAdmin }} />
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 outline-none sm:px-6 sm:py-10">
          {children}
        </main>
        <footer className="border-t">
          <div className="text-muted-foreground mx-auto flex max-w-6xl items-center justify-between gap-4 px-4 py-4 text-xs sm:px-6">
            <p>Latchkey keeps each secret with the identity that needs it.</p>
            <ThemeSwitch initial={theme} />
          </div>
        </footer>
      </body>
    </html>
  )
}
