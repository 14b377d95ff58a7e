/**
 * The Content-Security-Policy of a page: scripts only with the page's nonce and what those load. Styles may stand inline, since
 * components position themselves that way.
 * @param formTargets origins besides this one that a form may lead to, such as the sign-in provider's
 */
export function contentSecurityPolicy(nonce: string, options: { secure: boolean; development: boolean; formTargets: readonly string[] }): string {
  const directives = [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${options.development ? ` 'unsafe-eval'` : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action ${["'self'", ...options.formTargets].join(' ')}`,
    `frame-ancestors 'none'`,
    ...(options.secure ? ['upgrade-insecure-requests'] : []),
  ]
  return directives.join('; ')
}
