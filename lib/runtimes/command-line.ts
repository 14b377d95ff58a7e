import { RuntimeError } from './runtime'

/**
 * Splits a manifest's `command` into the argv that every driver executes directly.
 *
 * The rule is POSIX shell quoting and nothing else of the shell: blanks and line breaks separate words; single quotes keep
 * everything; in double quotes a backslash escapes only `$`, backquote, `"`, `\` and a line break; elsewhere it escapes any
 * character, and joins lines. Variables, globs, comments and operators (`&&`, `|`, `;`, `>`) are ordinary text, so that a value
 * printed into a command can never become code. Who wants a shell writes `sh -c '...'`.
 * (POSIX.1-2017, Shell Command Language, 2.2 Quoting.)
 *
 * @throws RuntimeError `no-command` for no words, `invalid` for a quote that is not closed.
 */
export function splitCommand(command: string | null): string[] {
  const words: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  const text = command ?? ''
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i)
    const next = text.charAt(i + 1)
    if (quote === "'") {
      if (char === "'") quote = null
      else word = (word ?? '') + char
    } else if (char === '\\' && (quote === null || '$`"\\\n'.includes(next))) {
      if (next === '') throw new RuntimeError('invalid', 'The command ends with a single backslash.')
      if (next !== '\n') word = (word ?? '') + next
      i += 1
    } else if (quote === '"') {
      if (char === '"') quote = null
      else word = (word ?? '') + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (' \t\r\n'.includes(char)) {
      if (word !== null) words.push(word)
      word = null
    } else {
      word = (word ?? '') + char
    }
  }
  if (quote !== null) throw new RuntimeError('invalid', 'The command has a quotation mark that is never closed.')
  if (word !== null) words.push(word)
  if (words.length === 0) throw new RuntimeError('no-command', 'The manifest names no command, and this runtime does not use the image.')
  return words
}
