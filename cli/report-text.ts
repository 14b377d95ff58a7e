import type { Inspection, Issue, Warning } from '@/lib/manifest/inspect'
import { painter, printable, type Output, type Paint } from './output'
import type { Report } from './template'

/** What a person reads. A rendered service goes to stdout alone, all else about it to stderr. */
export async function reportText(report: Report, verb: 'check' | 'render', output: Output): Promise<void> {
  const paint = painter(output.colours)
  const lines = [...problems(report, paint), ...(verb === 'check' ? summary(report, paint) : [])]
  const text = lines.map((line) => `${line}\n`).join('')
  if (verb === 'check') return output.out(text)
  output.err(text)
  if (report.inspection.spec) {
    const { stringify } = await import('yaml')
    output.out(stringify(report.inspection.spec, { version: '1.1', lineWidth: 0 }))
  }
}

function problems({ file, inspection }: Report, paint: Paint): string[] {
  const at = (place: Issue | Warning): string => [printable(file), place.line, ...('column' in place ? [place.column] : [])].join(':')
  const sentence = (place: Issue | Warning, kind: string): string => `${at(place)}: ${kind} ${printable(place.message)} ${paint('dim', `(${place.code})`)}`
  return [
    ...inspection.errors.map((error) => sentence(error, paint('red', 'error:'))),
    ...inspection.install.map((issue) => sentence(issue, paint('yellow', 'not installable:'))),
    ...inspection.warnings.map((warning) => sentence(warning, paint('yellow', 'warning:'))),
  ]
}

function summary({ file, inspection }: Report, paint: Paint): string[] {
  const verdict = inspection.ok ? paint('green', 'ok') : paint('red', `${String(inspection.errors.length)} error${inspection.errors.length === 1 ? '' : 's'}`)
  return [`${paint('bold', printable(file))}: ${verdict}${inspection.kind ? `, ${inspection.kind} "${printable(inspection.name ?? '')}"` : ''}`, ...facts(inspection).map((fact) => `  ${printable(fact)}`)]
}

function facts({ variables, secrets, routes, unsupported }: Inspection): string[] {
  return [
    ...variables.map((variable) => `asks for ${variable.name} (${[variable.optional ? 'optional' : 'required', variable.type ?? (variable.enum?.length ? 'choice' : 'text'), ...(variable.obscure ? ['obscured'] : [])].join(', ')})`),
    ...secrets.writes.map((write) => `stores ${write.variable} as the secret "${write.id}" of "${write.identity ?? '?'}"`),
    ...secrets.reads.map((read) => `reads the secret "${read.id}" of "${read.identity}" as ${read.env}`),
    ...routes.map((route) => `takes the address in ${route.variable} for port ${route.port || '?'}`),
    ...unsupported.map((part) => `${part.path}: ${part.message}`),
  ]
}
