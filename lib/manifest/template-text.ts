import { AppError } from '@/lib/errors'

/** Pure: what any template text must be, however it arrived (fetched, uploaded or pasted). */

/** 1 MiB, counted in bytes as received (decoded, when the transfer was compressed). */
export const MAX_TEMPLATE_BYTES = 1024 * 1024

export const templateTooLarge = (): AppError => new AppError('invalid', 'The template is larger than 1 MiB.')

const startsWith = (bytes: Uint8Array, ...prefix: number[]): boolean => prefix.every((byte, index) => bytes[index] === byte)

/**
 * The text of a template. Takes the bytes of a file, or of a pasted text in UTF-8. A leading byte order mark is dropped, so
 * that lines and columns are those that an editor shows; nothing else changes.
 * @throws AppError 'invalid' when it is larger than 1 MiB, not UTF-8, or binary.
 */
export function normalizeUpload(bytes: Uint8Array): string {
  if (bytes.length > MAX_TEMPLATE_BYTES) throw templateTooLarge()
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    throw new AppError('invalid', 'The template is in UTF-16. Save it as UTF-8.')
  }
  if (bytes.includes(0)) throw new AppError('invalid', 'The template is a binary file (it holds a NUL byte), not YAML text.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('invalid', 'The template is not UTF-8 text.')
  }
}
