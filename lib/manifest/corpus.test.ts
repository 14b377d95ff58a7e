import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { inspectTemplate } from './inspect'

/** Manifests with what the reference implementation makes of them; not part of this repository. */
const folder = path.resolve('../shared/templates')

interface Render {
  readonly set: 'empty' | 'filled'
  readonly values: Record<string, string>
  readonly outcome: 'ok' | 'invalid' | 'jinja-error' | 'yaml-error'
  readonly detail: { readonly line?: number; readonly errors?: readonly { readonly path: string }[] }
  readonly spec: unknown
}
interface Entry {
  readonly file: string
  readonly renders: readonly Render[]
  readonly leaks?: readonly { readonly variable: string; readonly at: readonly string[] }[]
}

const present = existsSync(path.join(folder, 'index.json'))
if (!present) console.warn(`Skipped: the manifest corpus is not at ${path.relative('.', folder)}.`)
const entries = present ? (JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8')) as Entry[]) : []
const cases = entries.flatMap((entry) => entry.renders.map((render) => ({ ...entry, ...render, text: readFileSync(path.join(folder, entry.file), 'utf8') })))

function outcomeOf(codes: readonly string[]): Render['outcome'] {
  const [first] = codes
  if (first === undefined) return 'ok'
  if (first.startsWith('jinja')) return 'jinja-error'
  return first.startsWith('yaml') ? 'yaml-error' : 'invalid'
}

describe.skipIf(!present)('the corpus', () => {
  test('is read whole', () => expect(cases.length).toBeGreaterThan(150))

  test.each(cases)('$file, $set: outcome and errors as in the reference', ({ text, values, outcome, detail }) => {
    const { errors, ok } = inspectTemplate(text, { values })
    expect(outcomeOf(errors.map((error) => error.code))).toBe(outcome)
    expect(ok).toBe(outcome === 'ok')
    if (outcome === 'invalid') expect(errors.map((error) => error.path).sort()).toEqual(detail.errors?.map((error) => error.path).sort())
    if (detail.line !== undefined) expect(errors[0]?.line).toBe(detail.line)
    const lines = text.split('\n').length
    for (const error of errors) {
      expect(error.line).toBeGreaterThan(0)
      expect(error.line).toBeLessThanOrEqual(lines)
      expect(error.column).toBeGreaterThan(0)
    }
  })

  /** Values of secret variables never show; where the corpus has them, the mask stands instead. */
  test.each(cases.filter((one) => one.outcome === 'ok'))('$file, $set: the same service', ({ text, values, spec }) => {
    const inspection = inspectTemplate(text, { values, reveal: true })
    const secrets = new Map(inspection.secrets.writes.map((write) => [write.variable, values[write.variable] ?? '']))
    let expected = JSON.stringify(spec)
    for (const value of secrets.values()) if (value !== '') expected = expected.replaceAll(JSON.stringify(value).slice(1, -1), '••••••••')
    expect(JSON.parse(JSON.stringify(inspection.spec))).toEqual(JSON.parse(expected))
  })

  test.each(entries.filter((entry) => entry.leaks))('$file: every leak is told', ({ file, leaks = [] }) => {
    const { warnings } = inspectTemplate(readFileSync(path.join(folder, file), 'utf8'))
    const told = warnings.filter((warning) => warning.code === 'secret-leak').map((warning) => `/${warning.path.replaceAll('.', '/')}`)
    expect(told).toEqual(expect.arrayContaining(leaks.flatMap((leak) => [...leak.at])))
  })

  test.each(entries.filter((entry) => !entry.leaks))('$file: no leak is told where there is none', ({ file }) => {
    const { warnings } = inspectTemplate(readFileSync(path.join(folder, file), 'utf8'))
    expect(warnings.filter((warning) => warning.code === 'secret-leak')).toEqual([])
  })
})
