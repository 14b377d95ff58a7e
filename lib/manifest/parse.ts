import type { z } from 'zod'
import type { ManifestDocument } from './document'
import { dotted, type Issue, type Path } from './issue'
import { spoken } from './scalars'
import { Service } from './service'
import { ServiceTemplate } from './template'
import { annotation } from './annotations'

export type ManifestKind = 'Service' | 'ServiceTemplate'

/** Data that still holds printed text; `fill` makes it final. */
export type Unfilled<T> = T & { readonly unfilled?: true }

export interface ParsedManifest {
  readonly kind: ManifestKind | null
  readonly issues: readonly Issue[]
  /** The service that the manifest stands for; null if there are issues. */
  readonly service: Unfilled<z.output<typeof Service>> | null
}

/** Issues beyond this many are summed up in one. */
const MAX_ISSUES = 200

/** Checks a document against the schema of its kind and turns a template into its service. All errors are reported. */
export function parseManifest(document: ManifestDocument, values: Readonly<Record<string, string>>): ParsedManifest {
  const root = document.value
  const report = reporter(document, values)
  if (root === null) return { kind: null, issues: [report([], 'field-invalid', 'The text holds no manifest: it is empty.')], service: null }
  if (typeof root !== 'object' || Array.isArray(root) || Object.getPrototypeOf(root) !== Object.prototype) {
    return { kind: null, issues: [report([], 'field-invalid', 'A manifest must be a mapping with version, kind and metadata.')], service: null }
  }
  const stated = spoken((root as Record<string, unknown>)['kind'])
  const kind = stated === 'Service' || stated === 'ServiceTemplate' ? stated : null
  const parsed = kind === 'Service' ? Service.safeParse(root) : ServiceTemplate.safeParse(root)
  const printedKeys = document.printedKeys.filter((path) => !inTextMap(path) && !path.slice(0, -1).includes('message_schema'))
  const untextualKeys = document.untextualKeys.filter(inTextMap)
  if (!parsed.success || printedKeys.length > 0 || untextualKeys.length > 0) {
    const untextual = untextualKeys.map((path) => ({ ...report(path, 'field-invalid', `The key ${readable(document, path)} must be text; quote it.`), ...document.place(path, 'key') }))
    const found = [...printedKeys.map((path) => keyIssue(document, path)), ...untextual, ...(parsed.error?.issues ?? []).flatMap((issue) => translate(issue, document, report))]
    return { kind, issues: bounded(found), service: null }
  }
  const service = parsed.data.kind === 'Service' ? parsed.data : toService(parsed.data)
  if (service.container && !hasImage(service.container)) {
    return { kind, issues: [report(['container', 'image'], 'field-missing', 'container.image is missing: a container needs an image.')], service: null }
  }
  return { kind, issues: [], service: withoutStoredCopies(service as z.output<typeof Service>) }
}

type MaybeImage = { image?: string | null | undefined }
const hasImage = (container: MaybeImage): boolean => container.image !== undefined && container.image !== null

/** A template's service, with what the reference fills in where the template says nothing. */
function toService({ variables: _variables, ...template }: z.output<typeof ServiceTemplate>) {
  const { metadata, container } = template
  return {
    ...template,
    kind: 'Service' as const,
    metadata: { ...metadata, annotations: metadata.annotations ?? {} },
    ...(container && { container: { ...container, environment: container.environment ?? [] } }),
  }
}

/** The reference writes the template and its values into two annotations; they are neither kept nor believed here. */
function withoutStoredCopies(service: z.output<typeof Service>): z.output<typeof Service> {
  const { annotations } = service.metadata
  if (!annotations) return service
  const kept = Object.entries(annotations).filter(([key]) => key !== annotation.storedTemplate && key !== annotation.storedValues)
  return { ...service, metadata: { ...service.metadata, annotations: Object.fromEntries(kept) } }
}

type Report = (path: Path, code: Issue['code'], message: string) => Issue

function reporter(document: ManifestDocument, values: Readonly<Record<string, string>>): Report {
  return (path, code, message) => {
    const variables = document.variablesUnder(path)
    const at = document.place(path, code === 'field-unknown' ? 'key' : undefined)
    if (variables.length === 0 || code === 'field-unknown') return { code, message, path: readable(document, path), ...at }
    const missing = variables.filter((name) => !Object.hasOwn(values, name) || values[name] === '')
    if (missing.length > 0) return { code: 'value-required', message: `${message} It comes from a value that is missing: ${missing.join(', ')}.`, path: readable(document, path), ...at, variables: missing }
    return { code: 'value-refused', message: `${message} It comes from the value of ${variables.join(', ')}.`, path: readable(document, path), ...at, variables }
  }
}

/** A path as a message may show it: a printed key is named by its variable, never by its text. */
export function readable(document: ManifestDocument, path: Path): string {
  return dotted(path.map((key) => (typeof key === 'number' ? key : document.fill(key, (piece) => `{{ ${[...piece.variables].join(', ')} }}`))))
}

type ZodIssue = z.core.$ZodIssue

function translate(issue: ZodIssue, document: ManifestDocument, report: Report): Issue[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
  const name = dotted(path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.filter((key) => document.fill(key, () => '') === key).map((key) => {
      const where = name === '' ? 'a manifest' : name
      return report([...path, key], 'field-unknown', `${key} is not a field of ${where}; remove it or check its spelling and indentation.`)
    })
  }
  if (!document.has(path)) return [report(path, 'field-missing', `${name} is missing.`)]
  const readablePath = readable(document, path)
  switch (issue.code) {
    case 'custom':
      return [report(path, 'field-invalid', `${readablePath} ${issue.message}.`)]
    case 'invalid_type':
      return [report(path, 'field-invalid', `${readablePath} must be ${issue.expected === 'array' ? 'a list' : 'a mapping'}.`)]
    default:
      return [report(path, 'field-invalid', `${readablePath} is not valid.`)]
  }
}

/** Whether a key stands in a mapping from text to text, where any text is a key. */
const inTextMap = (path: Path): boolean => (path.at(-2) === 'annotations' || path.at(-2) === 'headers') && !path.slice(0, -1).includes('message_schema')

function keyIssue(document: ManifestDocument, path: Path): Issue {
  const variables = document.variablesUnder(path)
  return {
    code: 'value-misplaced',
    message: `A field name cannot come from a value; variable: ${variables.join(', ')}.`,
    path: readable(document, path),
    ...document.place(path, 'key'),
    variables,
  }
}

function bounded(issues: Issue[]): Issue[] {
  const ordered = [...issues].sort((a, b) => a.line - b.line || a.column - b.column)
  if (ordered.length <= MAX_ISSUES) return ordered
  const rest = ordered.length - MAX_ISSUES
  const last = ordered[MAX_ISSUES]
  return [...ordered.slice(0, MAX_ISSUES), { code: 'limit', message: `${String(rest)} more errors are not listed.`, path: '', line: last?.line ?? 1, column: last?.column ?? 1 }]
}
