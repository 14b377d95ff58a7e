import { type ManifestDocument, readDocument } from './document'
import { type Facts, readFacts } from './facts'
import type { Issue } from './issue'
import { type ParsedManifest, parseManifest } from './parse'

/** Inputs of a rendering. Values of secret variables take no part in it, except those in `consented`. */
export interface Inputs {
  readonly values?: Readonly<Record<string, string>>
  /** Secret variables for which a value is given; the value itself is not needed. */
  readonly secretsGiven?: Iterable<string>
  /** Values of secrets that the installer agreed to have written into the service. */
  readonly consented?: Readonly<Record<string, string>>
}

export type Evaluation = {
  /** Variables that are secret in any pass, and so in all. */
  readonly secrets: ReadonlySet<string>
  /** Variables with `obscure`; a secret may be among them. */
  readonly obscured: ReadonlySet<string>
  /** What was rendered, placeholders included. */
  readonly values: Readonly<Record<string, string>>
} & (
  | { readonly document: ManifestDocument; readonly facts: Facts; readonly parsed: ParsedManifest }
  | { readonly document: null; readonly issue: Issue }
)

/** Stands for a secret that is given: templates can test for it, and what they print of it is never shown. */
const PLACEHOLDER = 'secret'
/** Values may change which variables are secret; the set only grows, so few passes settle it. */
const MAX_PASSES = 6

/**
 * Renders a template with nothing given, to learn its variables, and then with the values, until the set of secret variables is
 * settled: a variable that is secret in either pass is secret.
 */
export function evaluate(source: string, { values = {}, secretsGiven = [], consented = {} }: Inputs): Evaluation {
  const secrets = new Set<string>()
  const obscured = new Set<string>()
  const given = new Set([...secretsGiven, ...Object.entries(values).flatMap(([name, value]) => (value === '' ? [] : [name]))])
  let used: Record<string, string> = {}
  for (let pass = 0; ; pass++) {
    const read = readDocument(source, used)
    if (read.ok) {
      const facts = readFacts(read.document, (piece) => piece.text)
      for (const variable of facts.variables) {
        if (variable.secretId !== null) secrets.add(variable.name)
        if (variable.obscure) obscured.add(variable.name)
      }
    }
    const next = inputsFor(values, secrets, given, consented)
    if (sameInputs(used, next)) {
      if (!read.ok) return { secrets, obscured, values: used, document: null, issue: read.issue }
      const facts = readFacts(read.document, (piece) => piece.text)
      return { secrets, obscured, values: used, document: read.document, facts, parsed: parseManifest(read.document, used) }
    }
    if (pass >= MAX_PASSES) {
      const issue: Issue = { code: 'limit', message: 'Which variables are secret depends on the values in a way that does not settle.', path: '', line: 1, column: 1 }
      return { secrets, obscured, values: used, document: null, issue }
    }
    used = next
  }
}

function inputsFor(values: Readonly<Record<string, string>>, secrets: ReadonlySet<string>, given: ReadonlySet<string>, consented: Readonly<Record<string, string>>): Record<string, string> {
  const open = Object.entries(values).filter(([name]) => !secrets.has(name))
  const hidden = [...secrets].flatMap((name): [string, string][] => {
    if (Object.hasOwn(consented, name)) return [[name, consented[name] ?? '']]
    return given.has(name) ? [[name, PLACEHOLDER]] : []
  })
  return Object.fromEntries([...open, ...hidden])
}

function sameInputs(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
}
