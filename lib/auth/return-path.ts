/**
 * The page to go to after signing in: the path asked for, its query and fragment untouched, or `/` when the text
 * leads anywhere but this server. Pure, so that pages and next-auth's redirect decide alike.
 * @param asked a path, or an address at `origin`
 * @param origin scheme, host and port of this server
 */
export function returnPath(asked: string | null | undefined, origin: string): string {
  // Browsers drop tabs and line breaks from addresses, so "/<tab>/host" would leave; a backslash reads as a slash.
  if (!asked || asked.length > 4096 || /[\p{Cc}\\]/u.test(asked)) return '/'
  const path = asked === origin ? '/' : asked.startsWith(`${origin}/`) ? asked.slice(origin.length) : asked
  if (!path.startsWith('/') || path.startsWith('//')) return '/'
  return URL.canParse(path, origin) && new URL(path, origin).origin === new URL(origin).origin ? path : '/'
}

/** The sign-in page, which leads back to `path`. */
export const signInPath = (path: string): string => (path === '/' ? '/sign-in' : `/sign-in?callbackUrl=${encodeURIComponent(path)}`)
