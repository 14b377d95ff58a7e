import { Duplex } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'

const TERMINATE = 'X'.charCodeAt(0)
const READY_FOR_QUERY = 'Z'.charCodeAt(0)
const IDLE = 'I'.charCodeAt(0)

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
  readonly #database: PGlite
  readonly #turn: Promise<void>
  readonly #left: () => void

  constructor(database: PGlite, turn: Promise<void>, left: () => void) {
    super({ allowHalfOpen: false })
    this.#database = database
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
      const answer = Buffer.from(await this.#database.execProtocolRaw(new Uint8Array(messages)))
      if (answer.at(-6) === READY_FOR_QUERY) this.#inTransaction = answer.at(-1) !== IDLE
      if (answer.length > 0) this.push(answer)
    }
    if (terminated) this.push(null)
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
    if (!this.#started || this.#database.closed) return
    if (this.#inTransaction) await this.#database.exec('ROLLBACK')
    await this.#database.exec('DISCARD ALL')
  }
}

/** A `stream` option for pg.Pool. The pool must be limited to one connection. */
export function streamTo(database: PGlite): () => Duplex {
  let free = Promise.resolve()
  return () => {
    const turn = free
    let left = (): void => undefined
    free = new Promise((resolve) => {
      left = resolve
    })
    return new PgliteStream(database, turn, left)
  }
}
