'use client'

import { useState, type ComponentProps } from 'react'
import { Eye, EyeOff } from 'lucide-react'
import { cn } from '@/lib/ui/cn'
import { Button } from '@/components/ui/button'
import { Textarea } from '@/components/ui/textarea'
import { submitOnEnter } from './submit-on-enter'

/** Asks browsers and the common password managers to leave a field alone. */
const leaveAlone = {
  autoComplete: 'off',
  autoCapitalize: 'none',
  autoCorrect: 'off',
  spellCheck: false,
  translate: 'no',
  'data-1p-ignore': '',
  'data-bwignore': '',
  'data-lpignore': 'true',
  'data-form-type': 'other',
} as const

/** A masked field that takes several lines, such as a private key, and keeps every character. */
export function ProtectedInput({ subject, className, ...props }: ComponentProps<'textarea'> & { subject: string }) {
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <Textarea rows={1} {...leaveAlone} onKeyDown={submitOnEnter} {...props} className={cn('max-h-48 resize-none pr-12 font-mono', !shown && 'masked-text', className)} />
      <Button
        type="button"
        variant="ghost"
        size="icon"
        className="absolute top-0.5 right-0.5 size-9"
        aria-label={`Show ${subject}`}
        aria-pressed={shown}
        title={shown ? 'Hide' : 'Show'}
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </Button>
    </div>
  )
}
