'use client'

import { useState } from 'react'
import { Monitor, Moon, Sun } from 'lucide-react'
import { cn } from '@/lib/ui/cn'
import { THEME_COOKIE, type Theme } from '@/lib/ui/theme'

const choices = [
  { theme: 'system', label: 'Follow the system', Icon: Monitor },
  { theme: 'light', label: 'Light', Icon: Sun },
  { theme: 'dark', label: 'Dark', Icon: Moon },
] as const

function apply(theme: Theme) {
  const root = document.documentElement
  root.classList.remove('light', 'dark')
  if (theme !== 'system') root.classList.add(theme)
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=31536000; samesite=lax`
}

/** Colours by choice or by the system. The choice lives in a cookie, so that the first paint is already right. */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [chosen, setChosen] = useState(initial)
  return (
    <div role="group" aria-label="Colours" className="bg-secondary inline-flex rounded-full p-1">
      {choices.map(({ theme, label, Icon }) => (
        <button
          key={theme}
          type="button"
          title={label}
          aria-label={label}
          aria-pressed={chosen === theme}
          onClick={() => {
            setChosen(theme)
            apply(theme)
          }}
          className={cn('text-muted-foreground hover:text-foreground grid size-7 cursor-pointer place-items-center rounded-full', chosen === theme && 'bg-card text-foreground shadow-xs')}
        >
          <Icon aria-hidden className="size-3.5" />
        </button>
      ))}
    </div>
  )
}
