import { mkdir, open, readFile, rename, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { LogLine } from '../runtime'

/** Two files of at most this many bytes hold the newest lines of a service. */
export const ringFileSize = 1024 * 1024

/** Lines that wait for a reader that is slower than the service; older ones are dropped. */
const longestQueue = 5_000

/** The log of one service: JSON lines in `current`, older ones in `previous`. */
export interface LogRing {
  append(lines: readonly LogLine[]): Promise<void>
  /** The newest `tail` lines, then, with `follow`, every later one until `signal` aborts. */
  read(options: { tail: number; follow: boolean; signal: AbortSignal }): AsyncIterable<LogLine>
  /** Ends all readers that follow. */
  close(): Promise<void>
}

function parse(text: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      const [at, stream, content] = JSON.parse(line) as [string, string, string]
      return [{ at, stream: stream === 'stderr' ? 'stderr' : 'stdout', text: content }]
    } catch {
      return [] // the last line, cut by a crash or a full disk
    }
  })
}

/** Opens, and if need be creates, the log in `directory`. */
export function openLogRing(directory: string): LogRing {
  const current = path.join(directory, 'current')
  const previous = path.join(directory, 'previous')
  const readers = new Set<{ lines: LogLine[]; wake: () => void }>()
  let closed = false
  let file: FileHandle | null = null
  let size = 0
  /** Writing and reading take turns, so that a reader misses no line and sees none twice. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const write = async (text: string): Promise<void> => {
    if (!file) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      file = await open(current, 'a', 0o600)
      size = (await stat(current)).size
      // an earlier line may have been cut by a crash or a full disk
      if (size > 0) await file.appendFile('\n')
    }
    if (size > 0 && size + Buffer.byteLength(text) > ringFileSize) {
      await file.close()
      file = null
      await rename(current, previous)
      file = await open(current, 'a', 0o600)
      size = 0
    }
    try {
      await file.appendFile(text)
      size += Buffer.byteLength(text)
    } catch (error) {
      await file.close().catch(() => undefined)
      file = null
      throw error
    }
  }

  return {
    append: (lines) =>
      inTurn(async () => {
        for (const reader of readers) {
          reader.lines.push(...lines)
          if (reader.lines.length > longestQueue) reader.lines.splice(0, reader.lines.length - longestQueue)
          reader.wake()
        }
        // a service goes on when its log cannot be stored
        await write(lines.map((line) => `${JSON.stringify([line.at, line.stream, line.text])}\n`).join('')).catch(() => undefined)
      }),

    async *read({ tail, follow, signal }) {
      const reader = { lines: [] as LogLine[], wake: (): void => undefined }
      const wake = (): void => reader.wake()
      signal.addEventListener('abort', wake, { once: true })
      try {
        const stored = await inTurn(async () => {
          if (follow && !closed) readers.add(reader)
          const texts = await Promise.all([previous, current].map((name) => readFile(name, 'utf8').catch(() => '')))
          return parse(texts.join(''))
        })
        if (tail > 0) yield* stored.slice(-tail)
        while (follow && !signal.aborted) {
          const woken = new Promise<void>((resolve) => {
            reader.wake = resolve
          })
          const lines = reader.lines.splice(0)
          yield* lines
          if (lines.length > 0) continue
          if (closed) return
          if (!signal.aborted) await woken
        }
      } finally {
        readers.delete(reader)
        signal.removeEventListener('abort', wake)
      }
    },

    close: () =>
      inTurn(async () => {
        closed = true
        for (const reader of readers) reader.wake()
        await file?.close()
        file = null
      }),
  }
}
