import type { KeyboardEvent } from 'react'

/** Enter sends the form, as in a one-line field, until the text has several lines; Shift+Enter always breaks the line. */
export function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
  if (event.currentTarget.value.includes('\n')) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}
