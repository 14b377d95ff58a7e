/** A one-line field of a form exactly as typed; empty when it is absent or a file. */
export function formText(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** A text area of a form as typed: a form post puts a carriage return before each line feed. */
export const formLines = (form: FormData, name: string): string => formText(form, name).replaceAll('\r\n', '\n')
