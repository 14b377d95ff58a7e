'use client'

import { useEffect, useId, useRef, useState } from 'react'
import { Download } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { cn } from '@/lib/ui/cn'
import type { LogLine } from '@/lib/runtimes/runtime'

function save(name: string, lines: readonly LogLine[]) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(lines.map((line) => `${line.at} ${line.stream} ${line.text}\n`), { type: 'text/plain' }))
  link.download = `${name.replace(/[^\p{L}\p{N}-]+/gu, '-')}.log`
  link.click()
  URL.revokeObjectURL(link.href)
}

/** What the service writes, as it writes it. */
export function LogView({ name, lines }: { name: string; lines: readonly LogLine[] }) {
  const searchId = useId()
  const view = useRef<HTMLDivElement>(null)
  const [follow, setFollow] = useState(true)
  const [search, setSearch] = useState('')
  const wanted = search.toLowerCase()
  const shown = wanted === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(wanted))
  useEffect(() => {
    if (follow) view.current?.scrollTo({ top: view.current.scrollHeight })
  }, [follow, shown.length])
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="flex min-w-48 flex-1 flex-col gap-1.5">
          <Label htmlFor={searchId}>Search the log</Label>
          <Input id={searchId} type="search" value={search} onChange={(event) => setSearch(event.target.value)} autoComplete="off" />
        </div>
        <label className="flex h-10 items-center gap-2 text-sm">
          <Checkbox className="mt-0" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
          Follow
        </label>
        <Button type="button" variant="outline" disabled={lines.length === 0} onClick={() => save(name, shown)}>
          <Download aria-hidden />
          Download
        </Button>
      </div>
      <div ref={view} role="region" aria-label="Log lines" tabIndex={0} className="bg-muted max-h-96 min-h-24 overflow-auto rounded-lg border p-3 font-mono text-xs leading-relaxed">
        {shown.length === 0 ? <p className="text-muted-foreground font-sans text-sm">{lines.length === 0 ? 'Nothing yet. Lines appear here as the service writes them.' : 'No line matches.'}</p> : null}
        {shown.map((line, index) => (
          <div key={index} className={cn('wrap-anywhere whitespace-pre-wrap', line.stream === 'stderr' && 'text-caution')}>
            <time dateTime={line.at} className="text-muted-foreground mr-2 select-none">
              {line.at.slice(11, 19)}
            </time>
            {line.text}
          </div>
        ))}
      </div>
      <p role="status" className="text-muted-foreground text-xs">
        {wanted === '' ? null : `${shown.length} of ${lines.length} lines match.`}
      </p>
    </div>
  )
}
