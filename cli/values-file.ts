import { composeDocument, type Node } from '@/lib/manifest/yaml/compose'
import { type Mark, noTokens, YamlError } from '@/lib/manifest/yaml/cursor'
import type { Issue } from '@/lib/manifest/issue'

export type ValuesResult = { readonly ok: true; readonly values: Record<string, string>; readonly places: ReadonlyMap<string, Mark> } | { readonly ok: false; readonly issue: Issue }

/** Reads a YAML mapping from variable names to texts. What is no text in YAML (`8080`, `yes`) counts as it is written. */
export function readValues(file: string, text: string): ValuesResult {
  try {
    const root = composeDocument(text, noTokens)
    return root === null ? { ok: true, values: {}, places: new Map() } : valuesOf(file, root)
  } catch (error) {
    if (error instanceof YamlError) return refuse(file, error.at, error.message)
    throw error
  }
}

function valuesOf(file: string, root: Node): ValuesResult {
  if (root.type !== 'mapping') return refuse(file, root.mark, 'Values must be a mapping from variable names to texts.')
  const values = new Map<string, string>()
  const places = new Map<string, Mark>()
  for (const [key, value] of root.entries) {
    if (key.type !== 'scalar') return refuse(file, key.mark, 'A variable name must be text.')
    if (value.type !== 'scalar') return refuse(file, value.mark, `The value of ${key.value} must be text, not a list or a mapping.`)
    if (values.has(key.value)) return refuse(file, key.mark, `${key.value} has two values.`)
    values.set(key.value, value.value)
    places.set(key.value, key.mark)
  }
  return { ok: true, values: Object.fromEntries(values), places }
}

/** Values for variables that the template does not declare. */
export function unknownValues(file: string, places: ReadonlyMap<string, Mark>, declared: ReadonlySet<string>): Issue[] {
  return [...places].filter(([name]) => !declared.has(name)).map(([name, mark]) => issueAt(file, mark, `${name} is not a variable of the template.`))
}

const issueAt = (file: string, mark: Mark, message: string): Issue => {
  const [line, column] = [mark.line + 1, mark.column + 1]
  return { code: 'values-file', message: `${file}:${String(line)}:${String(column)}: ${message}`, path: '', line, column }
}

const refuse = (file: string, mark: Mark, message: string): ValuesResult => ({ ok: false, issue: issueAt(file, mark, message) })
