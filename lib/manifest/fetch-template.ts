import dns from 'node:dns'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { AppError } from '@/lib/errors'
import { explainFailure } from './fetch-template/explain-failure'
import { readBody } from './fetch-template/read-body'
import { requestHop } from './fetch-template/request-hop'
import { isAllowListed, parseTemplateUrl, rawFileUrl } from './fetch-template/template-url'
import { normalizeUpload } from './template-text'

const MAX_REDIRECTS = 5
const TOTAL_SECONDS = 10

export interface FetchTemplateOptions {
  /** LATCHKEY_FETCH_ALLOW: `host` or `host:port` entries whose address is not checked. */
  allow: readonly string[]
  signal?: AbortSignal
  /** How names are resolved; the system's way unless a test simulates another. */
  lookup?: LookupFunction
}

const redirectTarget = (response: IncomingMessage): string | null =>
  [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) ? (response.headers.location ?? null) : null

function refuseStatus(url: URL, status: number): never {
  if (status === 401 || status === 403) {
    throw new AppError('invalid', `${url.host} answered with status ${String(status)}: the template is not public.`)
  }
  if (status === 404 || status === 410) {
    throw new AppError('invalid', `${url.host} answered with status ${String(status)}: there is no template at this link.`)
  }
  const code = status >= 500 || status === 429 ? 'unavailable' : 'invalid'
  throw new AppError(code, `${url.host} answered with status ${String(status)} instead of a template.`)
}

function refuseHtml(text: string, contentType: string): void {
  const start = text.slice(0, 512).trimStart().toLowerCase()
  if (/^<(!doctype html|html)\b/.test(start) || (contentType.includes('html') && start.startsWith('<'))) {
    throw new AppError('invalid', 'The link leads to a web page, not to a YAML file. Use the link to the raw file (on GitHub: the "Raw" button).')
  }
}

/**
 * The text of the template behind a link, and the URL that gave it (which may hold a token in its query: do not show or log it).
 * Follows up to 5 redirects and checks each hop like the first; takes 10 s in all and 1 MiB decoded at most.
 * @throws AppError 'invalid' or 'unavailable' that names the cause and, of the link, only the host.
 */
export async function fetchTemplate(link: string, options: FetchTemplateOptions): Promise<{ text: string; finalUrl: string }> {
  const deadline = AbortSignal.timeout(TOTAL_SECONDS * 1000)
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
  const lookup: LookupFunction = options.lookup ?? dns.lookup
  let url = rawFileUrl(parseTemplateUrl(link))
  const startedOnHttp = url.protocol === 'http:'
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await requestHop(url, { trusted: isAllowListed(url, options.allow), lookup, signal })
      const location = redirectTarget(response)
      if (location === null) {
        if (response.statusCode !== 200) {
          response.destroy()
          refuseStatus(url, response.statusCode ?? 0)
        }
        const text = normalizeUpload(await readBody(response, signal))
        refuseHtml(text, response.headers['content-type'] ?? '')
        return { text, finalUrl: url.href }
      }
      response.destroy()
      const next = parseTemplateUrl(location, url)
      if (next.protocol === 'http:' && !startedOnHttp) {
        throw new AppError('invalid', `${url.host} redirects from https to http, which is refused.`)
      }
      url = next
    }
    throw new AppError('invalid', `The link redirects more than ${String(MAX_REDIRECTS)} times.`)
  } catch (error) {
    if (error instanceof AppError) throw error
    if (deadline.aborted) throw new AppError('unavailable', `${url.host} did not deliver the template within ${String(TOTAL_SECONDS)} seconds.`, { cause: error })
    if (signal.aborted) throw new AppError('unavailable', 'Fetching the template was cancelled.', { cause: error })
    throw explainFailure(error, url)
  }
}
