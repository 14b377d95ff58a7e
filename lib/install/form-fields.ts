import { digest } from '@/lib/auth/token'
import type { Inspection } from '@/lib/manifest/inspect'
import type { Field, Tick } from './views'

const given = (text: string | null | undefined): string | null => (text === undefined || text === null || text === '' ? null : text)

/**
 * The fields of the install form, in manifest order. A name that is declared twice is one field, because a manifest can
 * only print one value for it: the first declaration labels it, and it is secret or obscured if any of them says so.
 */
export function formFields(inspection: Pick<Inspection, 'variables' | 'secrets'>): Field[] {
  const fields = new Map<string, Field>()
  for (const variable of inspection.variables) {
    const write = inspection.secrets.writes.find((candidate) => candidate.variable === variable.name)
    const known = fields.get(variable.name)
    if (known) {
      fields.set(variable.name, { ...known, obscured: known.obscured || variable.obscure, optional: known.optional && variable.optional })
      continue
    }
    const options = variable.enum ?? []
    fields.set(variable.name, {
      name: variable.name,
      label: given(variable.title) ?? variable.name,
      help: given(variable.description),
      optional: variable.optional,
      kind: variable.type === 'email' || variable.type === 'route' ? variable.type : options.length > 0 ? 'enum' : 'text',
      options,
      obscured: variable.obscure || write !== undefined,
      secret: write === undefined ? null : { id: write.id, owner: write.identity ?? '' },
    })
  }
  return [...fields.values()]
}

/**
 * Each warning needs its own tick. The key holds what the sentence says: an answer may make another warning of the same line,
 * about another secret, say.
 */
export function ticksOf(inspection: Pick<Inspection, 'warnings'>): Tick[] {
  const seen = new Map<string, number>()
  return inspection.warnings.map((warning) => {
    const base = `${warning.code}:${String(warning.line)}:${digest(JSON.stringify([warning.path, warning.message]))}`
    const repeat = seen.get(base) ?? 0
    seen.set(base, repeat + 1)
    return { key: repeat === 0 ? base : `${base}:${String(repeat)}`, code: warning.code, message: warning.message, line: warning.line }
  })
}
