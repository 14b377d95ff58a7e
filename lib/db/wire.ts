import { Duplex } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'

const TERMINATE = 'X'.charCodeAt(0)
const ERROR_RESPONSE = 'E'.charCodeAt(0)
const READY_FOR_QUERY = 'Z'.charCodeAt(0)
const IDLE = 'I'.charCodeAt(0)

/** The one database behind all streams. After a panic it is gone, and the next `open` gives a new one on the same files. */
export interface Session {
  open(): Promise<PGlite>
  abandon(database: PGlite): void
}

/** Whether the server has given up (severity PANIC), as when it cannot write its log any more. */
function panicked(answer: Buffer): boolean {
  for (let at = 0; at + 5 <= answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    if (answer[at] === ERROR_RESPONSE && answer.subarray(at, at + 40).includes('VPANIC\0')) return true
  }
  return false
}

/**
 * What `pg` takes for a socket, with PGlite at the other end.
 * Messages of the PostgreSQL protocol (version 3, "Message Formats") are handed over whole. All streams of one database share
 * its single session: one waits until the one before has left, with no transaction, setting or prepared statement behind.
 */
class PgliteStream extends Duplex {
  #pending: Buffer = Buffer.alloc(0)
  #started = false
  #inTransaction = false
  #hold: NodeJS.Timeout | undefined
  #database: PGlite | undefined
  readonly #session: Session
  readonly #turn: Promise<void>
  readonly #left: () => void

  constructor(session: Session, turn: Promise<void>, left: () => void) {
    super({ allowHalfOpen: false })
    this.#session = session
    this.#turn = turn
    this.#left = left
  }

  // An open socket keeps the process alive; so does this.
  connect(): this {
    this.#hold = setInterval(() => undefined, 2 ** 30)
    queueMicrotask(() => this.emit('connect'))
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    this.#hold?.ref()
    return this
  }

  unref(): this {
    this.#hold?.unref()
    return this
  }

  override _read(): void {
    return
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    this.#exchange().then(() => {
      done()
    }, done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#hold)
    const leave = (): void => {
      this.#left()
      done(error)
    }
    this.#leave().then(leave, leave)
  }

  async #exchange(): Promise<void> {
    await this.#turn
    const { length, terminated } = this.#wholeMessages()
    if (length > 0) {
      const messages = this.#pending.subarray(0, length)
      this.#pending = this.#pending.subarray(length)
      const answer = await this.#ask(new Uint8Array(messages))
      if (answer.at(-6) === READY_FOR_QUERY) this.#inTransaction = answer.at(-1) !== IDLE
      if (answer.length > 0) this.push(answer)
    }
    if (terminated || this.#database === undefined) this.push(null)
  }

  async #ask(messages: Uint8Array): Promise<Buffer> {
    const database = (this.#database ??= await this.#session.open())
    let lost = true
    try {
      const answer = Buffer.from(await database.execProtocolRaw(messages))
      lost = panicked(answer)
      return answer
    } finally {
      if (lost) {
        this.#database = undefined
        this.#session.abandon(database)
      }
    }
  }

  #wholeMessages(): { length: number; terminated: boolean } {
    let length = 0
    for (;;) {
      const head = this.#started ? 1 : 0 // the start-up packet has no type byte
      if (this.#pending.length < length + head + 4) break
      const size = head + this.#pending.readInt32BE(length + head)
      if (this.#pending.length < length + size) break
      if (this.#started && this.#pending[length] === TERMINATE) return { length, terminated: true }
      this.#started = true
      length += size
    }
    return { length, terminated: false }
  }

  async #leave(): Promise<void> {
    if (this.#database === undefined || this.#database.closed) return
    if (this.#inTransaction) await this.#database.exec('ROLLBACK')
    await this.#database.exec('DISCARD ALL')
  }
}

/** A `stream` option for pg.Pool. The pool must be limited to one connection. */
export function streamTo(session: Session): () => Duplex {
  let free = Promise.resolve()
  return () => {
    const turn = free
    let left = (): void => undefined
    free = new Promise((resolve) => {
      left = resolve
    })
    return new PgliteStream(session, turn, left)
  }
}
