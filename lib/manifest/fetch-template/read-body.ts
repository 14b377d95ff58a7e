import type { IncomingMessage } from 'node:http'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'
import { AppError } from '@/lib/errors'
import { MAX_TEMPLATE_BYTES, templateTooLarge } from '@/lib/manifest/template-text'

/** We ask for identity, but some servers hold only compressed files. */
const decoders: Readonly<Record<string, () => Transform>> = {
  '': () => new PassThrough(),
  identity: () => new PassThrough(),
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
}

async function* bounded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let total = 0
  for await (const chunk of source) {
    total += chunk.length
    if (total > MAX_TEMPLATE_BYTES) throw templateTooLarge()
    yield chunk
  }
}

/**
 * The decoded body, at most 1 MiB both as sent and as decoded; memory stays within that, whatever a compressed answer would grow to.
 * @throws AppError 'invalid' when too large or encoded in an unknown way; else what the stream reports.
 */
export async function readBody(response: IncomingMessage, signal: AbortSignal): Promise<Uint8Array> {
  if (Number(response.headers['content-length'] ?? 0) > MAX_TEMPLATE_BYTES) {
    response.destroy()
    throw templateTooLarge()
  }
  const encoding = (response.headers['content-encoding'] ?? '').trim().toLowerCase()
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
  if (!decoder) {
    response.destroy()
    throw new AppError('invalid', 'The server compressed the template in a way that is not supported (gzip, deflate and br are).')
  }
  const chunks: Buffer[] = []
  await pipeline(
    response,
    bounded,
    decoder(),
    bounded,
    async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) chunks.push(chunk)
    },
    { signal },
  )
  return Buffer.concat(chunks)
}
