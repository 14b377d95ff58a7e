import { z } from 'zod'
import type { Inspection } from '@/lib/manifest/inspect'

/**
 * The whole of what an installation keeps in clear, beside the template's text under its digest. Values of secret and
 * obscured variables have no place in it, and neither has the rendered service, which could hold them.
 */
export const ClearRecord = z.strictObject({
  template: z.string(),
  serviceId: z.string(),
  name: z.string(),
  /** Plain inputs by variable. */
  inputs: z.record(z.string(), z.string()),
  /** Obscured variables whose values are sealed. */
  sealed: z.array(z.string()),
  /** Secrets that this installation stores: where, and from which variable. `given`: a value was stored; `optional`: none is needed. */
  writes: z.array(
    z.strictObject({ id: z.string(), identity: z.string(), variable: z.string(), given: z.boolean(), optional: z.boolean() }),
  ),
  /** Secret variables whose value the installer let the template print into its own text. */
  leaks: z.array(z.string()),
  /** Secret references that the installer approved; no others resolve. */
  reads: z.array(z.strictObject({ id: z.string(), identity: z.string(), env: z.string() })),
  /** Warnings that were accepted, by key. */
  accepted: z.array(z.string()),
})
export type ClearRecord = z.infer<typeof ClearRecord>

export interface ClearRecordInput {
  /** sha256:<hex> of the text. */
  templateDigest: string
  /** Inspected with the values of the plain inputs. */
  inspection: Pick<Inspection, 'variables' | 'secrets'> & { serviceId: string; name: string }
  /** Values given, by variable; whatever is not plain is left out here, even if the caller passes it. */
  values: Readonly<Record<string, string>>
  /** Variables whose secret or obscured value is given or was kept. */
  given: ReadonlySet<string>
  leaks: readonly string[]
  accepted: readonly string[]
}

export function clearRecord({ templateDigest, inspection, values, given, leaks, accepted }: ClearRecordInput): ClearRecord {
  const secret = new Set(inspection.secrets.writes.map((write) => write.variable))
  const obscured = new Set(inspection.variables.filter((variable) => variable.obscure).map((variable) => variable.name))
  const optional = new Set(inspection.variables.filter((variable) => variable.optional).map((variable) => variable.name))
  const declared = [...new Set(inspection.variables.map((variable) => variable.name))]
  const plain = declared.filter((name) => !secret.has(name) && !obscured.has(name) && Object.hasOwn(values, name))
  return {
    template: templateDigest,
    serviceId: inspection.serviceId,
    name: inspection.name,
    inputs: Object.fromEntries(plain.map((name) => [name, values[name] ?? ''])),
    sealed: declared.filter((name) => obscured.has(name) && !secret.has(name) && given.has(name)),
    writes: inspection.secrets.writes.map((write) => ({
      id: write.id,
      identity: write.identity ?? '',
      variable: write.variable,
      given: given.has(write.variable),
      optional: optional.has(write.variable),
    })),
    leaks: [...leaks],
    reads: inspection.secrets.reads.map((read) => ({ id: read.id, identity: read.identity, env: read.env })),
    accepted: [...accepted],
  }
}
