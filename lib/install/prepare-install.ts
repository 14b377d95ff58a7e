import { AppError, type FieldErrors } from '@/lib/errors'
import { MASK, type Inspection, type Issue } from '@/lib/manifest/inspect'
import { inspectIsolated, renderIsolated } from '@/lib/manifest/isolate'
import { MAX_WARNINGS } from '@/lib/manifest/scenarios'
import { formFields, ticksOf } from './form-fields'
import { inputsSchema } from './form-schema'
import type { InstallRequest } from './install-request'
import { storedInputs, type Installed } from './installed'
import { partitionInputs, type Partition } from './partition-inputs'
import { stopsOf } from './review-template'
import type { Tick } from './views'

export interface Prepared {
  serviceId: string
  name: string
  /** Inspected with the values given. */
  inspection: Inspection
  partition: Partition
  /** Obscured values, those kept included. */
  obscured: Readonly<Record<string, string>>
  /** Variables whose secret or obscured value is there, now or from before. */
  given: ReadonlySet<string>
  ticks: readonly Tick[]
}

function fieldErrors(issues: readonly Issue[], names: ReadonlySet<string>): FieldErrors {
  const errors: Record<string, string> = {}
  for (const issue of issues)
    for (const name of issue.variables ?? []) if (names.has(name)) errors[name] ??= issue.message
  return errors
}

const pick = (values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name] ?? '']] : [])))

/**
 * Checks the form against the stored text again, parts the inputs and tries the render that the reconciler will do.
 * Secret values take no part in it.
 * @param storedObscured what the existing installation keeps sealed, opened.
 * @throws AppError invalid, with a message for each field that is wrong.
 */
export async function prepareInstall(
  text: string,
  request: InstallRequest,
  existing: Installed | null,
  storedObscured: Readonly<Record<string, string>>,
  routeDomains: readonly string[],
): Promise<Prepared> {
  const blank = await inspectIsolated(text)
  const [stop] = stopsOf(blank)
  if (stop !== undefined || blank.serviceId === null) throw new AppError('invalid', `This template cannot be installed. ${stop ?? ''}`.trim())
  const fields = formFields(blank)
  const stored = storedInputs(existing, fields)
  const checked = inputsSchema(fields, { existing: [...stored.obscured, ...stored.secrets], routeDomains }).safeParse(request.inputs)
  if (!checked.success) {
    const errors = Object.fromEntries(checked.error.issues.map((issue) => [String(issue.path[0]), issue.message]))
    throw new AppError('invalid', 'Some answers need another look.', { fields: errors })
  }
  const partition = partitionInputs(fields, request.inputs, stored)
  const obscured = { ...pick(storedObscured, partition.obscured.keep), ...partition.obscured.set }
  const secretsGiven = [...partition.secrets.set.map(({ field }) => field.name), ...partition.secrets.keep]
  const values = { ...partition.plain, ...obscured }

  const inspection = await inspectIsolated(text, { values, secretsGiven })
  const ticks = ticksOf(inspection)
  // Agreed leaks are part of the text, so only with them can it be tried; one that is kept is told at the deployment.
  const leaked = new Set(leakedVariables(inspection))
  const consented = Object.fromEntries([
    ...partition.secrets.keep.flatMap((name) => (leaked.has(name) ? [[name, 'kept']] : [])),
    ...partition.secrets.set.flatMap(({ field, value }) => (leaked.has(field.name) ? [[field.name, value]] : [])),
  ] as [string, string][])
  const rendered = await renderIsolated(text, { values, secretsGiven, consented })
  if (!rendered.ok) {
    const fieldsWrong = fieldErrors(rendered.errors, new Set(fields.map((field) => field.name)))
    const [first] = rendered.errors
    throw new AppError(
      'invalid',
      Object.keys(fieldsWrong).length > 0 ? 'Some answers need another look.' : `The template does not work with these answers. ${first?.message ?? ''}`.trim(),
      { fields: fieldsWrong },
    )
  }
  if (inspection.warnings.length >= MAX_WARNINGS) throw new AppError('invalid', 'With these answers the template has too many warnings to consent to.')
  const rule = inspection.install.find((issue) => issue.code === 'install-rule')
  if (rule) throw new AppError('invalid', `This template cannot be installed. Line ${String(rule.line)}: ${rule.message}`)
  refuseOpenFiles(inspection)
  if (!rendered.service.container) throw new AppError('invalid', 'This template has nothing to start here, so it cannot be installed.')
  return {
    // As inspected, not as rendered: what is hidden is masked there, and both are kept in clear.
    serviceId: inspection.serviceId ?? blank.serviceId,
    name: inspection.name || blank.serviceId,
    inspection,
    partition,
    obscured,
    given: new Set([...secretsGiven, ...Object.keys(obscured)]),
    ticks,
  }
}

/** Files of the room are open to all its services and people. For a secret that is a leak, which has its own tick. */
function refuseOpenFiles({ spec, warnings }: Inspection): void {
  const agreed = (index: number): boolean => warnings.some(({ code, path }) => code === 'secret-leak' && path.startsWith(`files.${String(index)}.`))
  const open = spec?.files?.findIndex((file, index) => `${file.path}\n${file.text}`.includes(MASK) && !agreed(index)) ?? -1
  if (open >= 0)
    throw new AppError('invalid', `The template would write a protected answer, readable, into the room’s files (files.${String(open)}). Ask its author to hand it over in the environment.`)
}

/** Secret variables that the template prints into its own text. */
export const leakedVariables = (inspection: Pick<Inspection, 'warnings'>): string[] => [
  ...new Set(inspection.warnings.flatMap((warning) => (warning.code === 'secret-leak' ? (warning.variables ?? []) : []))),
]
