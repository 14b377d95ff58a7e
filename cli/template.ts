import { createHash } from 'node:crypto'
import { clearRecord, type ClearRecord } from '@/lib/install/clear-record'
import { ticksOf } from '@/lib/install/form-fields'
import { type Inspection, inspectTemplate, type Issue, refusedInspection } from '@/lib/manifest/inspect'
import type { Mark } from '@/lib/manifest/yaml/cursor'
import type { TemplateOptions } from './options'
import type { Output } from './output'
import { readText } from './read-file'
import { reportLine } from './report-json'
import { reportText } from './report-text'
import { readValues, unknownValues } from './values-file'

export interface Report {
  readonly file: string
  readonly inspection: Inspection
  /** What an installation would keep in clear; null if the manifest has errors that no value can mend. */
  readonly stored: ClearRecord | null
}

/** `template check` and `template render`. */
export async function runTemplate(options: TemplateOptions, output: Output): Promise<number> {
  let status = 0
  for (const file of options.files) {
    const report = options.verb === 'check' ? await check(file) : await render(file, options)
    if (!report.inspection.ok) status = 1
    if (options.json) output.out(reportLine(report))
    else await reportText(report, options.verb, output)
  }
  return status
}

async function check(file: string): Promise<Report> {
  const read = await readText(file)
  if (!read.ok) return refused(file, read.issue)
  const inspection = inspectTemplate(read.text)
  return { file, inspection, stored: storedRecord(read.text, inspection, {}) }
}

async function render(file: string, options: TemplateOptions): Promise<Report> {
  const read = await readText(file)
  if (!read.ok) return refused(file, read.issue)
  let values: Record<string, string> = {}
  let places: ReadonlyMap<string, Mark> = new Map()
  if (options.values !== null) {
    const given = await readText(options.values)
    if (!given.ok) return refused(file, { ...given.issue, code: 'values-file', message: `${options.values}: ${given.issue.message}` })
    const parsed = readValues(options.values, given.text)
    if (!parsed.ok) return refused(file, parsed.issue)
    values = parsed.values
    places = parsed.places
  }
  const masked = inspectTemplate(read.text, { values })
  const unknown = unknownIn(read.text, masked, places, options.values ?? '')
  const inspection = options.reveal ? inspectTemplate(read.text, { values, reveal: true }) : masked
  return { file, inspection: { ...inspection, install: [...inspection.install, ...unknown] }, stored: storedRecord(read.text, masked, values) }
}

/** A value that nothing asks for renders nothing, but is worth a word: often its name is misspelt. */
function unknownIn(text: string, masked: Inspection, places: ReadonlyMap<string, Mark>, valuesFile: string): Issue[] {
  const missingFrom = (declared: Inspection): Issue[] => unknownValues(valuesFile, places, new Set(declared.variables.map((variable) => variable.name)))
  const unknown = missingFrom(masked)
  // Some variables are declared only while no value is given.
  const unknownAtFirst = unknown.length === 0 ? [] : missingFrom(inspectTemplate(text))
  return unknown.filter(({ message }) => unknownAtFirst.some((issue) => issue.message === message))
}

const refused = (file: string, issue: Issue): Report => ({ file, inspection: refusedInspection(issue), stored: null })

/** `inspection` must be masked: nothing hidden may reach the record by way of a name or an address. */
function storedRecord(text: string, inspection: Inspection, values: Readonly<Record<string, string>>): ClearRecord | null {
  if (inspection.kind === null || inspection.errors.some((error) => error.code !== 'value-required')) return null
  const leaks = inspection.warnings.flatMap((warning) => (warning.code === 'secret-leak' ? (warning.variables ?? []) : []))
  return clearRecord({
    templateDigest: `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`,
    inspection: { ...inspection, serviceId: inspection.serviceId ?? '', name: inspection.name ?? '' },
    values,
    given: new Set(Object.keys(values).filter((name) => values[name] !== '')),
    leaks: [...new Set(leaks)],
    accepted: ticksOf(inspection).map((tick) => tick.key),
  })
}
