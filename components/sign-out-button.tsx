'use client'

import { useState } from 'react'
import { cn } from '@/lib/ui/cn'
import { signOut } from '@/lib/ui/session-requests'

export function SignOutButton({ className }: { className?: string }) {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const said = { idle: null, busy: 'Signing out…', failed: 'The server did not answer. Try again' }[state]
  return (
    <>
      <button
        type="button"
        aria-disabled={state === 'busy'}
        className={cn('w-full cursor-pointer text-left', className)}
        onClick={async () => {
          if (state === 'busy') return
          setState('busy')
          if (await signOut()) window.location.assign('/sign-in')
          else setState('failed')
        }}
      >
        {said ?? 'Sign out'}
      </button>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  )
}
