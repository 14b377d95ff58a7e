/** Where a command writes; real streams or a test's. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Colours for stdout; NO_COLOR and the like are honoured by the stream itself. */
  readonly colours: boolean
}

export function processOutput(): Output {
  for (const stream of [process.stdout, process.stderr]) {
    // `latchkey ... | head` closes the pipe early; that is no failure.
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colours: process.stdout.isTTY && process.stdout.hasColors(),
  }
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const
export type Paint = (style: keyof typeof CODES, text: string) => string

export const painter = (colours: boolean): Paint => (style, text) => (colours ? `\u001b[${String(CODES[style])}m${text}\u001b[0m` : text)

/** Text of a template for a terminal: characters that could steer or confuse it are shown as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (ch) => (ch === '\n' ? '\\n' : `\\u{${(ch.codePointAt(0) ?? 0).toString(16)}}`))
}
