import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Issue } from '@/lib/manifest/issue'

/** The same bound as for fetched and uploaded templates. */
const MAX_BYTES = 1024 * 1024

export type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly issue: Issue }

const refuse = (code: Issue['code'], message: string): FileText => ({ ok: false, issue: { code, message, path: '', line: 1, column: 1 } })

/** The text of a file or of standard input (`-`), or why it cannot be one: missing, too large, binary, not UTF-8. */
export async function readText(file: string): Promise<FileText> {
  let bytes: Buffer | null
  try {
    bytes = await readBounded(file === '-' ? process.stdin : createReadStream(file))
  } catch (error) {
    return refuse('file-unreadable', `The file cannot be read: ${reason(error)}.`)
  }
  if (bytes === null) return refuse('file-too-large', 'The file is larger than 1 MiB.')
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return refuse('file-encoding', 'The file is in UTF-16. Save it as UTF-8.')
  if (bytes.includes(0)) return refuse('file-encoding', 'The file is binary (it holds a NUL byte), not YAML text.')
  try {
    // A UTF-8 byte order mark is dropped, as editors do not show it.
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return refuse('file-encoding', 'The file is not UTF-8 text.')
  }
}

/** Null when there is more than the bound; reading stops there, so that endless files are no danger. */
async function readBounded(stream: Readable): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) {
      stream.destroy()
      return null
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'it does not exist', EISDIR: 'it is a directory', EACCES: 'permission is denied', EPERM: 'permission is denied', ENOTDIR: 'a part of its path is no directory' }

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return REASONS[code] ?? `error ${code}`
}
