import { type ManifestDocument, step } from './document'
import { annotation } from './annotations'
import { type Facts, ownerOf } from './facts'
import type { Path, Warning, WarningCode } from './issue'
import { unprintable } from './names'
import { readable } from './parse'
import { suspicion } from './suspicious'
import { Printed, type YamlValue } from './yaml/construct'

/** Names in single braces that the platform itself fills in later. */
const PLATFORM_NAMES = new Set(['SERVER_VERSION', 'YYYY', 'MM', 'DD', 'HH', 'mm'])

interface Subject {
  readonly document: ManifestDocument
  readonly facts: Facts
  readonly source: string
  /** Names of all secret variables. */
  readonly secrets: ReadonlySet<string>
}

type Found = Warning[]
/** The text at a path as a message may show it: printed values by the names of their variables. */
type Say = (path: Path) => string
type Add = (code: WarningCode, path: Path, message: string, variables?: readonly string[]) => void

/** What an installer should look at before consenting, for one rendering of a template. */
export function reviewDocument(subject: Subject): Warning[] {
  const found: Found = []
  const { document } = subject
  const add: Add = (code, path, message, variables) =>
    void found.push({ code, message, path: readable(document, path), line: document.place(path).line, ...(variables && { variables }) })
  const say: Say = (path) => {
    const value = path.reduce<YamlValue | undefined>((node, key) => step(node, key), document.value)
    return value instanceof Printed ? readable(document, [value.raw]) : typeof value === 'string' ? value : ''
  }
  leaks(subject, found)
  secretRules(subject, add, say)
  nameRules(subject, add, say)
  environmentRules(subject, add, say)
  laterDialect(subject, add)
  for (const { path, line } of document.duplicates) {
    found.push({ code: 'duplicate-key', message: `The key ${readable(document, path.slice(-1))} stands twice; only the last one counts.`, path: readable(document, path), line })
  }
  legacyPlaceholders(subject, found)
  return found
}

function leaks({ document, secrets }: Subject, found: Found): void {
  const secretsAmong = (variables: ReadonlySet<string>): string[] => [...variables].filter((name) => secrets.has(name))
  for (const piece of document.pieces) {
    const names = secretsAmong(piece.tells)
    if (names.length === 0) continue
    const where = piece.path === null ? 'the text' : readable(document, piece.path)
    found.push({ code: 'secret-leak', message: `The value of the secret variable ${names.join(', ')} would be written into ${where}, readable by everyone who may see the service.`, path: piece.path === null ? '' : readable(document, piece.path), line: piece.line, variables: names })
  }
  for (const decision of document.decisions) {
    const names = secretsAmong(decision.variables)
    if (names.length > 0) found.push({ code: 'secret-leak', message: `What the template writes depends on the content of the secret variable ${names.join(', ')}, so the text gives some of it away.`, path: '', line: decision.line, variables: names })
  }
}

function secretRules({ document, facts }: Subject, add: Add, say: Say): void {
  const address = (identity: string | null, id: string): string => JSON.stringify([identity, id])
  const written = new Map<string, string>()
  for (const variable of facts.variables) {
    if (variable.secretId === null) continue
    const key = address(ownerOf(variable.secretIdentity, facts), variable.secretId)
    const other = written.get(key)
    if (other !== undefined) add('secret-conflict', variable.path, `The variables ${other} and ${variable.name} are stored as the same secret; only one value would be kept.`, [other, variable.name])
    else written.set(key, variable.name)
  }
  const carried = new Set(facts.tokens.map((token) => token.identity))
  const runAs = (): string => say(['container', 'run_as', 'email'])
  const lonely = (identity: string | null, shown: string, path: Path, what: string): void => {
    if (identity === null || carried.has(identity)) return
    carried.add(identity)
    add('identity-without-token', path, `${what} belongs to the identity "${shown || runAs()}", but no token of this manifest carries that identity.`)
  }
  for (const { path, secret } of facts.environment) {
    if (!secret) continue
    const owner = ownerOf(secret.identity, facts)
    if (!written.has(address(owner, secret.id))) {
      add('foreign-secret', secret.path, `The environment variable ${say([...path, 'name'])} reads the secret "${say([...secret.path, 'id'])}" of "${say([...secret.path, 'identity']) || runAs()}", which this template does not collect itself.`)
    }
    lonely(owner, say([...secret.path, 'identity']), secret.path, `The secret "${say([...secret.path, 'id'])}"`)
  }
  for (const variable of facts.variables) {
    const note = (key: string): string => say([...variable.path, 'annotations', key])
    if (variable.secretId !== null) lonely(ownerOf(variable.secretIdentity, facts), note(annotation.secretIdentity), variable.path, `The secret "${note(annotation.secretId)}"`)
  }
  for (const token of facts.tokens) {
    if (token.asksForAdmin) add('admin-scope', [...token.path, 'api', 'admin'], `The token of "${say([...token.path, 'identity'])}" asks for administration of the room.`)
  }
  const apiKey: Path = ['container', 'api_key', 'role']
  if (document.has(apiKey)) add('admin-scope', apiKey, 'The container asks for an API key with the role admin.')
}

function nameRules({ facts }: Subject, add: Add, say: Say): void {
  const seen = new Set<string>()
  for (const { name, path } of facts.variables) {
    const at: Path = [...path, 'name']
    const shown = say(at)
    if (name !== '' && seen.has(name)) add('duplicate-variable', at, `The variable ${shown} is declared twice; both would get one value.`, [name])
    seen.add(name)
    const reason = unprintable(name)
    if (reason === 'reserved-name') add(reason, at, `${shown} is a word of the template language, so {{ ${shown} }} never prints this variable; give it another name.`, [name])
    if (reason === 'unusable-name') add(reason, at, `"${shown}" is no name that {{ }} can print; use letters, digits and underscores, and begin with a letter.`, [name])
  }
  const suspect = (what: string, name: string | null, path: Path, prose = false): void => {
    const reason = name === null ? null : suspicion(name, prose)
    if (reason !== null) add('suspicious-name', path, `The ${what} "${say(path)}" ${reason}.`)
  }
  suspect('service name', facts.name, ['metadata', 'name'], true)
  suspect('service id', facts.serviceId, ['metadata', 'annotations', annotation.serviceId])
  for (const agent of facts.agents) suspect('agent name', agent.name, agent.path)
  for (const variable of facts.variables) {
    suspect('variable name', variable.name, [...variable.path, 'name'])
    suspect('secret id', variable.secretId, [...variable.path, 'annotations', annotation.secretId])
    suspect('identity', variable.secretIdentity, [...variable.path, 'annotations', annotation.secretIdentity])
    suspect('secret name', variable.secretName, [...variable.path, 'annotations', annotation.secretName], true)
  }
  for (const { name, path, secret } of facts.environment) {
    suspect('environment name', name, [...path, 'name'])
    if (!secret) continue
    suspect('secret id', secret.id, [...secret.path, 'id'])
    suspect('identity', secret.identity, [...secret.path, 'identity'])
  }
  for (const token of facts.tokens) suspect('identity', token.identity, [...token.path, 'identity'])
}

function environmentRules({ facts }: Subject, add: Add, say: Say): void {
  const seen = new Set<string>()
  for (const { name, path, sources } of facts.environment) {
    const shown = say([...path, 'name'])
    if (name !== '' && seen.has(name)) add('duplicate-environment', [...path, 'name'], `The environment variable ${shown} stands twice; which one wins is up to the runtime.`)
    seen.add(name)
    if (sources === 0) add('environment-source', path, `The environment variable ${shown} has no value, token or secret.`)
    if (sources > 1) add('environment-source', path, `The environment variable ${shown} has several of value, token and secret; only one can be meant.`)
  }
}

function laterDialect({ document, facts }: Subject, add: Add): void {
  const later = (path: Path, what: string): void => add('later-dialect', path, `${what} belongs to the manifest dialect after June 2026.`)
  if (document.has(['container', 'run_as'])) later(['container', 'run_as'], 'container.run_as')
  for (const { secret } of facts.environment) if (secret && !document.has([...secret.path, 'identity'])) later(secret.path, 'A secret without identity')
  for (const variable of facts.variables) {
    const stated = document.has([...variable.path, 'annotations', annotation.secretIdentity])
    if (variable.secretId !== null && !stated) later(variable.path, 'A secret variable without meshagent.secret.identity')
  }
  for (const path of [['container', 'storage', 'volumes'], ['enabled']]) if (document.has(path)) later(path, path.join('.'))
  if (document.has(['container', 'pull_secret', 'id'])) later(['container', 'pull_secret'], 'A pull_secret with fields')
  const ports = childPaths(document.value, 'ports')
  for (const endpoint of ports.flatMap((port) => childPaths(document.value, ...port, 'endpoints'))) {
    const path = [...endpoint, 'mcp', 'use_proxy_secret']
    if (document.has(path)) later(path, 'mcp.use_proxy_secret')
  }
}

function childPaths(root: YamlValue, ...path: Path): Path[] {
  let node: unknown = root
  for (const key of path) node = typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as Record<string | number, unknown>)[key] : undefined
  return Array.isArray(node) ? node.map((_, index) => [...path, index]) : []
}

/** `{name}` in single braces; `${name}` is a shell's. */
const SINGLE_BRACES = /(?<![{$])\{([^{}\r\n]{1,200})\}(?!\})/g

function legacyPlaceholders({ document, facts, source }: Subject, found: Found): void {
  const names = new Set(facts.variables.map((variable) => variable.name).filter((name) => name !== '' && !PLATFORM_NAMES.has(name)))
  if (names.size === 0 || !source.includes('{')) return
  const lines = source.split(/\r\n|\r|\n/)
  const seen = new Set<object>()
  const visit = (node: YamlValue, path: Path): void => {
    const text = node instanceof Printed ? document.fill(node.raw, () => ' ') : typeof node === 'string' ? node : null
    if (text !== null) {
      const used = new Set([...text.matchAll(SINGLE_BRACES)].map(([, name = '']) => name).filter((name) => names.has(name)))
      for (const name of used) {
        const start = document.place(path).line
        const line = lines.findIndex((candidate, index) => index + 1 >= start && candidate.includes(`{${name}}`)) + 1
        found.push({ code: 'legacy-placeholder', message: `{${name}} is an old placeholder that nothing fills in; write {{ ${name} }}.`, path: readable(document, path), line: line || start, variables: [name] })
      }
    } else if (typeof node === 'object' && node !== null && !seen.has(node)) {
      seen.add(node)
      if (Array.isArray(node)) node.forEach((item: YamlValue, index) => visit(item, [...path, index]))
      else if (Object.getPrototypeOf(node) === Object.prototype) for (const [key, child] of Object.entries(node as Record<string, YamlValue>)) visit(child, [...path, key])
    }
  }
  visit(document.value, [])
}
