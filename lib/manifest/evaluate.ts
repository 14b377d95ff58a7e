import { type ManifestDocument, readDocument } from './document'
import { expressionsIn } from './expressions'
import { type Facts, readFacts } from './facts'
import type { Issue } from './issue'

/** Inputs of a rendering. Values of secret variables take no part in it, except those in `consented`. */
export interface Inputs {
  readonly values?: Readonly<Record<string, string>>
  /** Secret variables for which a value is given; the value itself is not needed. */
  readonly secretsGiven?: Iterable<string>
  /** Values of secrets that the installer agreed to have written into the service. */
  readonly consented?: Readonly<Record<string, string>>
  /** Looks into branches, too, that the values do not take. */
  readonly everyBranch?: boolean
}

/** A document that could be read, and what it says. */
export interface Known {
  readonly document: ManifestDocument
  readonly facts: Facts
}

export type Evaluation = {
  /** Variables that are secret in any pass, and so in all. */
  readonly secrets: ReadonlySet<string>
  /** Variables with `obscure`; a secret may be among them. */
  readonly obscured: ReadonlySet<string>
  /** What was rendered, placeholders included. */
  readonly values: Readonly<Record<string, string>>
} & (
  | Known
  /** Nothing could be read. `known` is what can be read once every value is given. */
  | { readonly document: null; readonly issue: Issue; readonly known: Known | null }
)

/** What a missing value can cause; syntax errors and exceeded bounds stay. */
const MENDABLE: ReadonlySet<Issue['code']> = new Set(['jinja-runtime', 'yaml-syntax', 'value-misplaced'])
/** Stands for a secret that is given: templates can test for it, and what they print of it is never shown. */
const PLACEHOLDER = 'secret'
/** Values may change which variables are secret; the set only grows, so few passes settle it. */
const MAX_PASSES = 6

/**
 * Renders a template with nothing given, to learn its variables, and then with the values, until the set of secret variables is
 * settled: a variable that is secret in either pass is secret. `earlier` spares the first pass.
 */
export function evaluate(source: string, { values = {}, secretsGiven = [], consented = {}, everyBranch = false }: Inputs, earlier?: Evaluation): Evaluation {
  const secrets = new Set(earlier?.secrets)
  const obscured = new Set(earlier?.obscured)
  const given = new Set([...secretsGiven, ...Object.entries(values).flatMap(([name, value]) => (value === '' ? [] : [name]))])
  let used = earlier ? inputsFor(values, secrets, given, consented) : {}
  const learn = ({ facts }: Known): void => {
    for (const variable of facts.variables) {
      if (variable.secretId !== null) secrets.add(variable.name)
      if (variable.obscure) obscured.add(variable.name)
    }
  }
  for (let pass = 0; ; pass++) {
    const read = readDocument(source, used, everyBranch)
    const known = read.ok ? knowing(read.document) : MENDABLE.has(read.issue.code) ? readFilled(source, used) : null
    if (known) learn(known)
    const next = inputsFor(values, secrets, given, consented)
    if (sameInputs(used, next)) {
      if (!read.ok) return { secrets, obscured, values: used, document: null, issue: missing(read.issue, known, used), known }
      return { secrets, obscured, values: used, ...(known ?? knowing(read.document)) }
    }
    if (pass >= MAX_PASSES) {
      const issue: Issue = { code: 'limit', message: 'Which variables are secret depends on the values in a way that does not settle.', path: '', line: 1, column: 1 }
      return { secrets, obscured, values: used, document: null, issue, known: null }
    }
    used = next
  }
}

const knowing = (document: ManifestDocument): Known => ({ document, facts: readFacts(document, (piece) => piece.text) })

/** Names that the expressions of a template mention: a wide guess at its variables. */
const mentioned = (source: string): string[] => [...new Set(expressionsIn(source).flatMap((part) => part.match(/[\p{ID_Start}_][\p{ID_Continue}]*/gu) ?? []))]

/** The document with every name that has no value filled in, for templates that cannot be read without values. */
function readFilled(source: string, used: Readonly<Record<string, string>>): Known | null {
  const filled = Object.fromEntries(mentioned(source).map((name) => [name, PLACEHOLDER]))
  const read = readDocument(source, { ...filled, ...used })
  return read.ok ? knowing(read.document) : null
}

/** The issue of a text that can be read once its values are there. */
function missing(issue: Issue, known: Known | null, used: Readonly<Record<string, string>>): Issue {
  const names = known?.facts.variables.map((variable) => variable.name).filter((name) => !Object.hasOwn(used, name) || used[name] === '') ?? []
  if (names.length === 0) return issue
  return { ...issue, code: 'value-required', message: `${issue.message.replace(/[.]?$/, '.')} It goes with a value that is missing: ${names.join(', ')}.`, variables: names }
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
