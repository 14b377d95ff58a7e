import { evaluate, type Inputs } from './evaluate'
import { fill } from './fill'
import type { Issue, Warning } from './issue'
import { parseManifest } from './parse'
import { reviewDocument } from './review'
import type { Service } from './service'

export type RenderInputs = Required<Pick<Inputs, 'values' | 'secretsGiven'>> & Pick<Inputs, 'consented'>
export type RenderResult = { readonly ok: true; readonly service: Service; readonly warnings: readonly Warning[] } | { readonly ok: false; readonly errors: readonly Issue[] }

/**
 * The service to run, with the real text of plain and obscured values in it. Values of secret variables are never in it,
 * even if `values` has them: a template that prints a given secret is refused unless it is in `consented`. Pure.
 */
export function renderService(text: string, inputs: RenderInputs): RenderResult {
  const evaluation = evaluate(text, inputs)
  if (evaluation.document === null) return { ok: false, errors: [evaluation.issue] }
  const { document, facts, secrets, values } = evaluation
  const parsed = parseManifest(document, values)
  if (parsed.service === null) return { ok: false, errors: parsed.issues }
  const consented = new Set(Object.keys(inputs.consented ?? {}))
  const warnings = reviewDocument({ document, facts, source: text, secrets })
  const refused = warnings.filter((warning) => warning.code === 'secret-leak' && warning.variables?.some((name) => Object.hasOwn(values, name) && !consented.has(name)))
  if (refused.length > 0) return { ok: false, errors: refused.map(asIssue) }
  return { ok: true, service: fill(parsed.service, document, { print: (piece) => piece.text }) as Service, warnings }
}

const asIssue = ({ message, path, line, variables = [] }: Warning): Issue => ({ code: 'secret-leak', message, path, line, column: 1, variables })
