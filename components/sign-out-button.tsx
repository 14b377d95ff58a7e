'use client'

import { useState } from 'react'
import { cn } from '@/lib/ui/cn'
import { signOut } from '@/lib/ui/session-requests'

export function SignOutButton({ className }: { className?: string }) {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  return (
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
      <span role="status">{state === 'failed' ? 'The server did not answer. Try again' : state === 'busy' ? 'Signing out…' : 'Sign out'}</span>
    </button>
  )
}
