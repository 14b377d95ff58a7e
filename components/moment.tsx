const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** A moment in UTC, the same for everybody who talks about it. */
export function Moment({ at }: { at: Date | string }) {
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} className="whitespace-nowrap">
      {format.format(date)} UTC
    </time>
  )
}
