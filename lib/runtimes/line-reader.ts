import { StringDecoder } from 'node:string_decoder'
import type { Mask } from './mask'

/** Characters that one line of a log may have; the rest of a longer line is dropped. */
export const longestLine = 8 * 1024

export interface LineReader {
  /** Masked lines that this chunk completed. */
  push(chunk: Buffer): string[]
  /** The last line, if it did not end with a line break. */
  end(): string[]
}

/** Cuts a byte stream into masked lines. Nothing of a line leaves before all of it that counts has been seen. */
export function createLineReader(mask: Mask): LineReader {
  const decoder = new StringDecoder('utf8')
  const enough = longestLine + mask.longest
  let pending = ''
  const finish = (line: string): string => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    return text.length > longestLine ? `${mask.apply(text, longestLine)}…` : mask.apply(text)
  }
  const take = (text: string): string[] => {
    const parts = text.split('\n')
    const lines: string[] = []
    for (const [index, part] of parts.entries()) {
      if (pending.length < enough) pending += part.slice(0, enough - pending.length)
      if (index === parts.length - 1) break
      lines.push(finish(pending))
      pending = ''
    }
    return lines
  }
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      const lines = take(decoder.end())
      if (pending !== '') lines.push(finish(pending))
      pending = ''
      return lines
    },
  }
}
