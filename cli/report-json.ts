import type { Issue } from '@/lib/manifest/inspect'
import type { Report } from './template'

const issue = ({ code, message, path, line, column }: Issue) => ({ code, message, path, line, column })

/** One line of JSON, line feed included. */
export function reportLine({ file, inspection, stored }: Report): string {
  const { ok, kind, errors, warnings, install, variables, secrets, routes, unsupported, spec } = inspection
  return `${JSON.stringify({
    file,
    ok,
    kind,
    errors: errors.map(issue),
    warnings: warnings.map(({ code, message, path, line }) => ({ code, message, path, line })),
    install: install.map(issue),
    variables,
    secrets,
    routes: routes.map(({ domain, port }) => ({ domain, port })),
    unsupported,
    stored,
    spec,
  })}\n`
}
