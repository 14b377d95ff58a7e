import { annotation } from './annotations'
import { type ManifestDocument, step } from './document'
import type { Path } from './issue'
import type { Piece } from './jinja/render-text'
import { Printed, type YamlValue } from './yaml/construct'

/**
 * What a document says of variables, secrets and tokens, taken leniently, so that a reviewer learns of it even where the
 * manifest has errors. Texts hold printed values as `print` shows them.
 */
export interface Facts {
  readonly serviceId: string | null
  readonly name: string | null
  readonly variables: readonly VariableFact[]
  readonly environment: readonly EnvironmentFact[]
  readonly tokens: readonly TokenFact[]
  readonly agents: readonly NameFact[]
  /** `container.run_as.email` of the later dialect. */
  readonly runAs: string | null
}

export interface NameFact {
  readonly name: string
  readonly path: Path
}

export interface VariableFact extends NameFact {
  readonly obscure: boolean
  readonly secretId: string | null
  readonly secretIdentity: string | null
  readonly secretName: string | null
  readonly secretType: string | null
}

export interface EnvironmentFact extends NameFact {
  readonly sources: number
  readonly secret: { readonly id: string; readonly identity: string | null; readonly path: Path } | null
}

export interface TokenFact {
  readonly identity: string
  readonly path: Path
  readonly asksForAdmin: boolean
}

export function readFacts(document: ManifestDocument, print: (piece: Piece) => string): Facts {
  const at = (path: Path): YamlValue | undefined => path.reduce<YamlValue | undefined>((node, key) => step(node, key), document.value)
  const text = (path: Path): string | null => {
    const value = at(path)
    if (value instanceof Printed) return document.fill(value.raw, print)
    return typeof value === 'string' ? value : null
  }
  /** Text that says something: null for empty text, and for a value that is no text. */
  const word = (path: Path): string | null => {
    const found = text(path)
    return found === null || found.trim() === '' ? null : found
  }
  const items = (path: Path): Path[] => {
    const list = at(path)
    return Array.isArray(list) ? list.map((_, index) => [...path, index]) : []
  }
  const present = (path: Path): boolean => {
    const value = at(path)
    return (value !== undefined && value !== null) || (document.has(path) && document.variablesUnder(path).length > 0)
  }
  const truthy = (path: Path): boolean => {
    const value = at(path)
    const spoken = value instanceof Printed ? value.text : value
    return spoken === true || spoken === 1 || (typeof spoken === 'string' && /^(?:1|on|t|true|y|yes)$/i.test(spoken))
  }

  const variables = items(['variables']).map((path): VariableFact => {
    const note = (key: string): string | null => word([...path, 'annotations', key])
    return {
      name: text([...path, 'name']) ?? '',
      path,
      obscure: truthy([...path, 'obscure']),
      secretId: note(annotation.secretId),
      secretIdentity: note(annotation.secretIdentity),
      secretName: note(annotation.secretName),
      secretType: note(annotation.secretType),
    }
  })
  const environment = items(['container', 'environment']).map((path): EnvironmentFact => {
    const secret = [...path, 'secret']
    return {
      name: text([...path, 'name']) ?? '',
      path,
      sources: ['value', 'token', 'secret'].filter((source) => present([...path, source])).length,
      secret: present(secret) ? { id: text([...secret, 'id']) ?? '', identity: word([...secret, 'identity']), path: secret } : null,
    }
  })
  const endpoints = items(['ports']).flatMap((port) => items([...port, 'endpoints'])).map((path): Path => [...path, 'meshagent'])
  const tokens = [...environment.map(({ path }): Path => [...path, 'token']), ...endpoints].filter(present).map((path): TokenFact => ({
    identity: text([...path, 'identity']) ?? '',
    path,
    asksForAdmin: present([...path, 'api', 'admin']),
  }))
  return {
    serviceId: word(['metadata', 'annotations', annotation.serviceId]),
    name: text(['metadata', 'name']),
    variables,
    environment,
    tokens,
    agents: items(['agents']).map((path) => ({ name: text([...path, 'name']) ?? '', path: [...path, 'name'] })),
    runAs: word(['container', 'run_as', 'email']),
  }
}

/** Where the secret of an environment variable or of a declared variable belongs. */
export const ownerOf = (stated: string | null, facts: Pick<Facts, 'runAs'>): string | null => stated ?? facts.runAs
