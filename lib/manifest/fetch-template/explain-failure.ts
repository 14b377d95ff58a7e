import { AppError } from '@/lib/errors'

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

const sentences: readonly (readonly [pattern: RegExp, sentence: (host: string) => string])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_NODATA|EAI_NONAME)$/, (host) => `The host ${host} was not found.`],
  [/^EAI_/, (host) => `The name of the host ${host} could not be looked up just now. Try again later.`],
  [/^ECONNREFUSED$/, (host) => `${host} refused the connection.`],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/, (host) => `${host} could not be reached from this server.`],
  [/CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$/, (host) => `The TLS certificate of ${host} is not trusted (expired, self-signed, or for another name).`],
  [/^ERR_(SSL|TLS)|^EPROTO$/, (host) => `A TLS connection to ${host} could not be made.`],
  [/^HPE_/, (host) => `${host} did not answer in valid HTTP.`],
  [/^(Z_|ERR_BROTLI|ERR__ERROR_)/, (host) => `The compressed answer of ${host} is damaged.`],
  [/^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/, (host) => `${host} closed the connection before the whole template had arrived.`],
]

/** The public error for whatever a hop threw; the original goes along for the log. Names the host, never path or query. */
export function explainFailure(error: unknown, url: URL): AppError {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  const sentence = sentences.find(([pattern]) => pattern.test(code))?.[1] ?? ((host: string) => `The template could not be fetched from ${host}.`)
  return new AppError('unavailable', sentence(url.host), { cause: error })
}
