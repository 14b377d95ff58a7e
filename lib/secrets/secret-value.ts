import { inspect } from 'node:util'

/**
 * A secret's bytes, kept from every road that turns values into text: string conversion, JSON and inspection all print
 * `[secret]`. `reveal` is the one way out; lint allows it in few files.
 */
export class SecretValue {
  readonly #bytes: Buffer

  private constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  static fromText(text: string): SecretValue {
    return new SecretValue(Buffer.from(text, 'utf8'))
  }

  static fromBytes(bytes: Uint8Array): SecretValue {
    return new SecretValue(Buffer.from(bytes))
  }

  get size(): number {
    return this.#bytes.length
  }

  /** The bytes themselves. */
  reveal(): Buffer {
    return Buffer.from(this.#bytes)
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
