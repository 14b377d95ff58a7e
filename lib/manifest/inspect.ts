import { annotation } from './annotations'
import type { ManifestDocument } from './document'
import { evaluate, type Evaluation, type Inputs, type Known } from './evaluate'
import { type Facts, ownerOf, readFacts } from './facts'
import { fill, MASK } from './fill'
import { installRules } from './install-rules'
import type { Issue, Path, Warning } from './issue'
import type { Piece } from './jinja/render-text'
import { type ManifestKind, type ParsedManifest, parseManifest } from './parse'
import { reviewScenarios } from './scenarios'
import { type Service } from './service'
import { type Unsupported, unsupportedParts, unsupportedRoutes } from './unsupported'
import { Variable } from './variable'
import type { YamlValue } from './yaml/construct'

export type { Issue, Warning, WarningCode } from './issue'
export type { Unsupported } from './unsupported'
export { MASK } from './fill'

/** A secret that an installation would store. */
export interface SecretWrite {
  readonly id: string
  /** Owner; null if the manifest names none, which stops an installation. */
  readonly identity: string | null
  readonly variable: string
  readonly name: string
  readonly type: string
}

/** A secret that the service would read from its environment. */
export interface SecretRead {
  readonly id: string
  readonly identity: string
  readonly env: string
}

export interface Route {
  /** The value given; empty without one. */
  readonly domain: string
  readonly port: string
  readonly variable: string
}

export interface DeclaredVariable {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly obscure: boolean
  readonly optional: boolean
  readonly enum?: readonly string[]
  readonly type?: 'email' | 'route'
  readonly annotations?: Readonly<Record<string, string>>
  readonly line: number
}

export interface Inspection {
  /** No errors; rules of an installation (`install`) come on top. */
  readonly ok: boolean
  readonly kind: ManifestKind | null
  readonly serviceId: string | null
  readonly name: string | null
  readonly errors: readonly Issue[]
  readonly warnings: readonly Warning[]
  /** What stops an installation although the manifest is valid. */
  readonly install: readonly Issue[]
  /** In manifest order. */
  readonly variables: readonly DeclaredVariable[]
  readonly secrets: { readonly writes: readonly SecretWrite[]; readonly reads: readonly SecretRead[] }
  readonly routes: readonly Route[]
  readonly unsupported: readonly Unsupported[]
  /** The rendered service. Secrets are always masked, obscured values unless `reveal`. */
  readonly spec: Service | null
}

export interface InspectOptions extends Inputs {
  /** Shows obscured values; secrets stay masked. */
  readonly reveal?: boolean
}

/** What is known of a text that cannot be read at all. */
export function refusedInspection(issue: Issue): Inspection {
  return { ok: false, kind: null, serviceId: null, name: null, errors: [issue], warnings: [], install: [], variables: [], secrets: { writes: [], reads: [] }, routes: [], unsupported: [], spec: null }
}

const DEFAULT_SECRET_TYPE = 'application/octet-stream'

/** Everything there is to know about a template before it is installed. Never throws for a bad template. Pure. */
export function inspectTemplate(text: string, options: InspectOptions = {}): Inspection {
  const evaluation = evaluate(text, options)
  const warnings = reviewScenarios(text, evaluation, options)
  if (evaluation.document !== null) return { ...describe(evaluation, parseManifest(evaluation.document, evaluation.values), evaluation, options), warnings }
  const { issue, known } = evaluation
  if (!known) return { ...refusedInspection(issue), warnings }
  // Only values are missing: what is asked for, stored and read is known all the same.
  const parsed = { ...parseManifest(known.document, evaluation.values), issues: [issue], service: null }
  return { ...describe(known, parsed, evaluation, options), warnings }
}

function describe({ document, facts: real }: Known, parsed: ParsedManifest, evaluation: Evaluation, options: InspectOptions): Inspection {
  const print = shownBy(evaluation, options.reveal ?? false)
  const facts = readFacts(document, print)
  const variables = declaredVariables(document, facts, print).map((variable) => hidingWhatWasHidden(variable, facts, evaluation))
  const service = parsed.service === null ? null : (fill(parsed.service, document, { print: (piece) => piece.text }) as Service)
  return {
    ok: parsed.issues.length === 0,
    kind: parsed.kind,
    serviceId: facts.serviceId,
    name: facts.name,
    errors: parsed.issues,
    warnings: [],
    install: service === null ? [] : installRules(real, document, evaluation, variables, options),
    variables,
    secrets: secretsOf(facts),
    routes: variables.filter((variable) => variable.type === 'route').map((variable) => ({
      domain: shownValue(variable.name, evaluation, options),
      port: variable.annotations?.[annotation.routePort] ?? '',
      variable: variable.name,
    })),
    unsupported: service === null ? [] : [...unsupportedParts(service), ...unsupportedRoutes(variables)],
    spec: parsed.service === null ? null : maskedSpec(parsed.service, document, print),
  }
}

/** How a printed piece may be shown. */
function shownBy({ secrets, obscured, values, document }: Evaluation, reveal: boolean): (piece: Piece) => string {
  return (piece) => {
    // Where nothing could be read, missing values were filled with a word of ours.
    if (document === null && [...piece.variables].some((name) => !Object.hasOwn(values, name))) return ''
    const hidden = [...piece.tells].some((name) => secrets.has(name) || (!reveal && obscured.has(name)))
    return hidden && piece.text !== '' ? MASK : piece.text
  }
}

function maskedSpec(service: unknown, document: ManifestDocument, print: (piece: Piece) => string): Service {
  const hidden = new Set(document.pieces.filter((piece) => piece.path !== null && print(piece) !== piece.text).map((piece) => specPath(piece.path ?? [])))
  return fill(service, document, { print, hides: (path) => hidden.has(specPath(path)) }) as Service
}

/** Sections of an API scope go by older names, too. */
const specPath = (path: Path): string => JSON.stringify(path.map((key, index) => ((key === 'database' || key === 'datasets') && path[index - 1] === 'api' ? 'dataset' : key)))

function declaredVariables(document: ManifestDocument, facts: Facts, print: (piece: Piece) => string): DeclaredVariable[] {
  return facts.variables.flatMap((fact) => {
    const parsed = Variable.safeParse(at(document.value, fact.path))
    const line = document.place(fact.path).line
    if (parsed.success) return [{ ...(fill(parsed.data, document, { print }) as Omit<DeclaredVariable, 'line'>), line }]
    return fact.name === '' ? [] : [{ name: fact.name, obscure: fact.obscure, optional: false, line }]
  })
}

/** A variable that is secret or obscured for some values, but not for these, is never plain. */
function hidingWhatWasHidden(variable: DeclaredVariable, facts: Facts, { secrets, obscured }: Pick<Evaluation, 'secrets' | 'obscured'>): DeclaredVariable {
  const stored = facts.variables.some((fact) => fact.name === variable.name && fact.secretId !== null)
  return obscured.has(variable.name) || (secrets.has(variable.name) && !stored) ? { ...variable, obscure: true } : variable
}

function at(root: YamlValue, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as Record<string | number, unknown>)[key] : undefined), root)
}

function secretsOf(facts: Facts): Inspection['secrets'] {
  const writes = facts.variables.flatMap(({ name, secretId, secretIdentity, secretName, secretType }): SecretWrite[] =>
    secretId === null ? [] : [{ id: secretId, identity: ownerOf(secretIdentity, facts), variable: name, name: secretName ?? secretId, type: secretType ?? DEFAULT_SECRET_TYPE }],
  )
  const reads = facts.environment.flatMap(({ name, secret }): SecretRead[] => (secret ? [{ id: secret.id, identity: ownerOf(secret.identity, facts) ?? '', env: name }] : []))
  return { writes, reads }
}

function shownValue(name: string, { secrets, obscured }: Pick<Evaluation, 'secrets' | 'obscured'>, { values = {}, reveal = false }: InspectOptions): string {
  const value = Object.hasOwn(values, name) ? (values[name] ?? '') : ''
  return value !== '' && (secrets.has(name) || (obscured.has(name) && !reveal)) ? MASK : value
}
