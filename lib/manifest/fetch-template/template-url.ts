import { AppError } from '@/lib/errors'

/** Pure: which URLs may be asked for, and how they are named in messages. */

const MAX_URL_LENGTH = 4096

const invalid = (message: string): AppError => new AppError('invalid', message)

/**
 * The URL of one hop: the link itself or, with `base`, a redirect's Location. The fragment is dropped.
 * @throws AppError 'invalid' when it is too long, no URL, not http(s), or holds a user name or password.
 */
export function parseTemplateUrl(text: string, base?: URL): URL {
  const what = base === undefined ? 'The link' : `${base.host} redirects to an address that`
  if (text.length > MAX_URL_LENGTH) throw invalid(`${what} is longer than ${String(MAX_URL_LENGTH)} characters.`)
  if (!URL.canParse(text, base)) throw invalid(`${what} is not a valid URL. It must look like https://host/path.yaml.`)
  const url = new URL(text, base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid(`${what} is not an http or https URL.`)
  if (url.username !== '' || url.password !== '') throw invalid(`${what} holds a user name or password, which is refused.`)
  if (url.href.length > MAX_URL_LENGTH) throw invalid(`${what} is longer than ${String(MAX_URL_LENGTH)} characters.`)
  url.hash = ''
  return url
}

/**
 * GitHub's page about a file becomes the file: .../OWNER/REPO/blob/REF/PATH on github.com is what people copy from the address
 * bar. The raw host takes the same rest of the path, so a REF with slashes works. Every other URL is returned as it is.
 */
export function rawFileUrl(url: URL): URL {
  if (url.protocol !== 'https:' || url.host !== 'github.com') return url
  const match = /^\/([^/]+)\/([^/]+)\/blob\/(.+)$/.exec(url.pathname)
  if (!match) return url
  return new URL(`https://raw.githubusercontent.com/${match.slice(1).join('/')}`)
}

/**
 * Whether an operator exempted this URL's host from the address check. Entries are `host` (any port) or `host:port`, IPv6 in
 * brackets; they match the name in the URL exactly, never what it resolves to.
 */
export function isAllowListed(url: URL, allow: readonly string[]): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return allow.some((entry) => [url.hostname, `${url.hostname}:${port}`].includes(entry.toLowerCase()))
}
