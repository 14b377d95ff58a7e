import { annotation } from './annotations'
import type { ManifestDocument } from './document'
import type { Evaluation } from './evaluate'
import { type Facts, ownerOf } from './facts'
import type { DeclaredVariable, InspectOptions } from './inspect'
import { dotted, type Issue, type Path } from './issue'

/** One @ with something on both sides and no spaces; whether the address exists only the mail can tell. */
const ADDRESS = /^[^\s@<>",;]+@[^\s@<>",;.]+(?:\.[^\s@<>",;.]+)*$/

/** What stops an installation although the reference accepts the manifest. Values are judged only if some were asked for. */
export function installRules(facts: Facts, document: ManifestDocument, evaluation: Evaluation, variables: readonly DeclaredVariable[], options: InspectOptions): Issue[] {
  const found: Issue[] = []
  const stop = (path: Path, message: string, extra: Partial<Issue> = {}): void => void found.push({ code: 'install-rule', message, path: dotted(path), ...document.place(path), ...extra })

  if (facts.serviceId === null) stop(['metadata', 'annotations', annotation.serviceId], `The annotation ${annotation.serviceId} is missing; an installation needs it to know the service again.`)
  const container = document.has(['container'])
  const external = document.has(['external'])
  if (container && external) stop(['external'], 'A manifest has either a container or an external service, not both.')
  if (!container && !external) stop([], 'A manifest needs a container or an external service.')
  for (const { name, path, secretId, secretIdentity } of facts.variables) {
    if (secretId === null) continue
    if (ownerOf(secretIdentity, facts) === null) stop(path, `The secret of ${name} has no owner; add the annotation ${annotation.secretIdentity}.`, { variables: [name] })
    const hidden = [annotation.secretId, annotation.secretIdentity].flatMap((key) => document.variablesUnder([...path, 'annotations', key])).filter((used) => evaluation.secrets.has(used) || evaluation.obscured.has(used))
    if (hidden.length > 0) stop(path, `The address of the secret of ${name} comes from a hidden value: ${hidden.join(', ')}.`, { variables: hidden })
  }
  const stored = new Set(facts.variables.filter((variable) => variable.secretId !== null).map((variable) => variable.name))
  for (const { name, path } of facts.variables) {
    if (evaluation.secrets.has(name) && !stored.has(name)) stop(path, `Whether ${name} is a secret depends on a value; it must be one always or never.`, { variables: [name] })
  }
  for (const { path, secret } of facts.environment) {
    if (secret && (secret.id === '' || ownerOf(secret.identity, facts) === null)) stop([...path, 'secret'], 'A secret in the environment needs an identity and an id that are not empty.', { variables: document.variablesUnder([...path, 'secret']) })
  }
  for (const variable of variables) {
    if (variable.type === 'route' && !variable.annotations?.[annotation.routePort]) {
      stop(['variables', variables.indexOf(variable)], `The route variable ${variable.name} has no annotation ${annotation.routePort}.`, { variables: [variable.name] })
    }
  }
  if (options.values !== undefined) found.push(...judgeValues(document, evaluation, variables, options))
  return found
}

function judgeValues(document: ManifestDocument, evaluation: Evaluation, variables: readonly DeclaredVariable[], { values = {}, secretsGiven = [] }: InspectOptions): Issue[] {
  const given = new Set(secretsGiven)
  return variables.flatMap((variable, index): Issue[] => {
    const path: Path = ['variables', index]
    const issue = (code: Issue['code'], message: string): Issue[] => [{ code, message, path: dotted(path), ...document.place(path), variables: [variable.name] }]
    const value = Object.hasOwn(values, variable.name) ? (values[variable.name] ?? '') : ''
    if (value === '') {
      const kept = evaluation.secrets.has(variable.name) && given.has(variable.name)
      return variable.optional || kept ? [] : issue('value-required', `A value for ${variable.name} is required.`)
    }
    if (variable.enum?.length && !variable.enum.includes(value)) return issue('value-refused', `The value of ${variable.name} is not one of its options.`)
    if (variable.type === 'email' && !ADDRESS.test(value)) return issue('value-refused', `The value of ${variable.name} is no e-mail address.`)
    return []
  })
}
