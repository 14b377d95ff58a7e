import type { Call } from '@/lib/call'
import { requireRoom } from '@/lib/authz/require'
import { currentRuntimeView } from '@/lib/deployments/current-runtime'
import { env } from '@/lib/env'
import type { Inspection } from '@/lib/manifest/inspect'
import { inspectIsolated } from '@/lib/manifest/isolate'
import { MAX_WARNINGS } from '@/lib/manifest/scenarios'
import { listSecretMetadata, type SecretMetadata } from '@/lib/secrets/secret-store'
import { formFields, ticksOf } from './form-fields'
import { installedInRoom, storedInputs, usersOf, type Installed } from './installed'
import { readTemplate } from './read-template'
import type { TemplateReview, Tick } from './views'

/** Sentences that stop an installation. Errors that come only from fields not filled in yet do not count. */
export function stopsOf(inspection: Inspection): string[] {
  const errors = inspection.errors.filter((issue) => issue.code !== 'value-required')
  const issues = [...errors, ...inspection.install.filter((issue) => issue.code !== 'value-required')]
  const external = inspection.spec?.external ? ['This service runs somewhere else and has nothing to start here. Such services cannot be installed yet.'] : []
  const countless = inspection.warnings.length >= MAX_WARNINGS ? [`This template has ${String(MAX_WARNINGS)} warnings or more; nobody can consent to that.`] : []
  return [...issues.map((issue) => `Line ${String(issue.line)}: ${issue.message}`), ...external, ...countless]
}

/** Secrets that exist already and would get a new value although this service did not store them. */
export function overwriteTicks(
  inspection: Pick<Inspection, 'secrets'>,
  present: readonly SecretMetadata[],
  existing: Installed | null,
  others: readonly Installed[],
): Tick[] {
  return inspection.secrets.writes.flatMap((write) => {
    const identity = write.identity ?? ''
    const there = present.some((secret) => secret.owner === identity && secret.key === write.id && secret.delegatedTo === '')
    const own = existing?.clear.writes.some((earlier) => earlier.given && earlier.identity === identity && earlier.id === write.id) ?? false
    if (!there || own) return []
    const users = usersOf({ identity, id: write.id }, others)
    const used = users.length === 0 ? '' : ` It is used by ${users.join(', ')}.`
    return [
      {
        key: `overwrite-secret:${encodeURIComponent(identity)}/${encodeURIComponent(write.id)}`,
        code: 'overwrite-secret',
        message: `The room already holds a secret "${write.id}" owned by "${identity}". Installing replaces its value.${used}`,
        line: 0,
      },
    ]
  })
}

/**
 * The inspection of a template whose fields are not filled in yet. Where it cannot be rendered without some value, the name of
 * the field stands for it, so that the review shows all that there is to consent to.
 */
async function inspectBlank(text: string): Promise<Inspection> {
  const blank = await inspectIsolated(text)
  if (blank.ok || blank.errors.some((issue) => issue.code !== 'value-required')) return blank
  const values = Object.fromEntries(blank.variables.map(({ name, enum: options }) => [name, options?.[0] ?? `‹${name}›`]))
  const filled = await inspectIsolated(text, { values, reveal: true })
  if (!filled.ok) return blank
  return { ...blank, spec: filled.spec, unsupported: filled.unsupported, install: filled.install.filter((issue) => issue.code === 'install-rule') }
}

/**
 * What a template would do, before anyone consents. With a room: also what is installed there already under its service id.
 * @throws AppError not-found for an unknown digest, or a room that the caller may not install into.
 */
export async function reviewTemplate(call: Call, input: { digest: string; sourceUrl: string | null; roomId?: string }): Promise<TemplateReview> {
  const text = await readTemplate(call.db, input.digest)
  const inspection = await inspectBlank(text)
  const fields = formFields(inspection)
  const ticks = ticksOf(inspection)
  let existing: Installed | null = null
  if (input.roomId !== undefined) {
    const { room } = await requireRoom(call, input.roomId, 'install:service')
    const installed = await installedInRoom(call.db, room.id)
    existing = installed.find((candidate) => candidate.serviceId === inspection.serviceId) ?? null
    const others = installed.filter((candidate) => candidate !== existing)
    ticks.push(...overwriteTicks(inspection, await listSecretMetadata(call.db, room.id), existing, others))
  }
  const stored = storedInputs(existing, fields)
  return {
    digest: input.digest,
    sourceUrl: input.sourceUrl,
    inspection,
    fields,
    ticks,
    stops: stopsOf(inspection),
    routeDomains: env().LATCHKEY_ROUTE_DOMAINS,
    runtime: await currentRuntimeView(),
    existing: existing && {
      installationId: existing.id,
      name: existing.name,
      prefill: stored.plain,
      kept: [...stored.obscured, ...stored.secrets],
      sameTemplate: existing.templateDigest === input.digest,
    },
  }
}
