import { record } from '@/lib/audit/record'
import { requireRoom } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import { keyring } from '@/lib/crypto/keyring'
import type { Tx } from '@/lib/db/client'
import { wakeReconciler } from '@/lib/deployments/wake'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { parseInput } from '@/lib/parse-input'
import { deleteSecret, listSecretMetadata, putSecret } from '@/lib/secrets/secret-store'
import { roomSecret } from '@/lib/secrets/secret-address'
import { SecretValue } from '@/lib/secrets/secret-value'
import { clearRecord, type ClearRecord } from './clear-record'
import { InstallRequest } from './install-request'
import { installedInRoom, usersOf, type Installed } from './installed'
import { openInputs, sealInputs } from './obscured-inputs'
import { leakedVariables, prepareInstall, type Prepared } from './prepare-install'
import { readTemplate } from './read-template'
import { overwriteTicks } from './review-template'
import type { Tick } from './views'

/** Installed; or the answers brought up warnings that were not accepted yet, and nothing was done. */
export type InstallResult = { done: true; installationId: string } | { done: false; ticks: readonly Tick[] }

type Place = { roomId: string; projectId: string }

/**
 * Installs a service, or updates it: stores its secrets and says what should run, in one transaction. The reconciler does the rest.
 * The same request again (double click, retry, second tab) is the same install.
 * @throws AppError invalid with field errors; conflict when the service is installed already; not-found or forbidden.
 */
export async function installService(call: Call, input: InstallRequest): Promise<InstallResult> {
  const request = parseInput(InstallRequest, input)
  const { room } = await requireRoom(call, request.roomId, request.updates === null ? 'install:service' : 'update:service')
  const place = { roomId: room.id, projectId: room.projectId }
  const earlier = await sameRequest(call.db, place, request)
  if (earlier !== null) return { done: true, installationId: earlier }

  const text = await readTemplate(call.db, request.digest)
  const existing = (await installedInRoom(call.db, room.id)).find((candidate) => candidate.id === request.updates) ?? null
  const keys = keyring()
  const storedObscured = existing ? await openInputs(call.db, keys, existing) : {}
  const prepared = await prepareInstall(text, request, existing, storedObscured, env().LATCHKEY_ROUTE_DOMAINS)
  if (existing && existing.serviceId !== prepared.serviceId)
    throw new AppError('conflict', 'This template is another service than the one it was meant to update. Install it as a service of its own.')

  const result = await call.db.$transaction(
    async (tx): Promise<InstallResult> => {
      // One install at a time in a room: what was looked up above is looked up again behind this lock.
      await tx.$queryRaw`SELECT 1 FROM "Room" WHERE "id" = ${room.id}::uuid FOR UPDATE`
      const twin = await sameRequest(tx, place, request)
      if (twin !== null) return { done: true, installationId: twin }
      await refuseStale(tx, place, request, prepared, existing)
      const others = (await installedInRoom(tx, room.id)).filter((candidate) => candidate.id !== request.updates)
      const ticks = [...prepared.ticks, ...overwriteTicks(prepared.inspection, await listSecretMetadata(tx, room.id), existing, others)]
      if (!ticks.every((tick) => request.accepted.includes(tick.key))) return { done: false, ticks }

      const clear = clearRecord({
        templateDigest: request.digest,
        inspection: { ...prepared.inspection, serviceId: prepared.serviceId, name: prepared.name },
        values: prepared.partition.plain,
        given: prepared.given,
        leaks: leakedVariables(prepared.inspection),
        accepted: ticks.map((tick) => tick.key),
      })
      const id = existing?.id ?? crypto.randomUUID()
      const sealedInputs = await sealInputs(tx, keys, { id, roomId: room.id }, prepared.obscured)
      await writeInstallation(tx, call, { id, roomId: room.id, request, clear, sealedInputs })
      await writeSecrets(tx, call, place, prepared, others)
      await wantDeployment(tx, id, prepared)
      await record(tx, call, {
        action: existing ? 'service:update' : 'service:install',
        ...place,
        target: id,
        details: { service: prepared.serviceId, template: request.digest, secrets: prepared.partition.secrets.set.length },
      })
      return { done: true, installationId: id }
    },
    { timeout: 30_000, maxWait: 30_000 },
  )
  if (result.done) wakeReconciler()
  return result
}

async function sameRequest(tx: Tx, place: Place, request: InstallRequest): Promise<string | null> {
  const same = await tx.installation.findUnique({ where: { requestKey: request.requestKey }, select: { id: true, roomId: true } })
  if (!same) return null
  if (same.roomId !== place.roomId) throw new AppError('conflict', 'This form was sent before, for another room. Open the install link again.')
  return same.id
}

/** Another tab may have installed, updated or removed the service since the form was checked. */
async function refuseStale(tx: Tx, place: Place, request: InstallRequest, prepared: Prepared, existing: Installed | null): Promise<void> {
  const present = await tx.installation.findFirst({
    where: { roomId: place.roomId, serviceId: prepared.serviceId, removedAt: null },
    select: { id: true, requestKey: true, deployment: { select: { desired: true } } },
  })
  if (present?.deployment?.desired === 'removed')
    throw new AppError('conflict', 'This service is just being uninstalled. Try again in a moment.')
  if (present && request.updates === null)
    throw new AppError('conflict', 'This service is installed in this room already. Open the install link again to update it.')
  if (request.updates !== null && present?.id !== request.updates)
    throw new AppError('conflict', 'The service that this form updates is no longer installed. Open the install link again.')
  if (present && present.requestKey !== existing?.requestKey)
    throw new AppError('conflict', 'Somebody changed this service while the form was open. Open the install link again to see it as it is.')
}

async function writeInstallation(
  tx: Tx,
  call: Call,
  row: { id: string; roomId: string; request: InstallRequest; clear: ClearRecord; sealedInputs: Uint8Array<ArrayBuffer> | null },
): Promise<void> {
  const { id, roomId, request, clear, sealedInputs } = row
  const fields = {
    name: clear.name,
    templateDigest: request.digest,
    sourceUrl: request.sourceUrl,
    clear,
    sealedInputs,
    requestKey: request.requestKey,
  }
  if (request.updates === null) await tx.installation.create({ data: { id, roomId, serviceId: clear.serviceId, createdBy: call.actor.email, ...fields } })
  else await tx.installation.update({ where: { id, roomId }, data: fields })
}

/** Several variables may name one place: in manifest order the last value given stays, as its accepted warning says. */
async function writeSecrets(tx: Tx, call: Call, place: Place, prepared: Prepared, others: readonly Installed[]): Promise<void> {
  const { set, clear } = prepared.partition.secrets
  for (const { field, value } of set) {
    const write = prepared.inspection.secrets.writes.find((candidate) => candidate.variable === field.name)
    if (!write || write.identity === null) throw new AppError('invalid', `The template does not say whose secret ${field.label} is.`)
    const version = await putSecret(tx, keyring(), roomSecret(place.roomId, write.identity, write.id), {
      value: SecretValue.fromText(value),
      name: write.name,
      type: write.type,
      writtenBy: call.actor.email,
    })
    await record(tx, call, { action: 'secret:set', ...place, target: `${write.identity}/${write.id}`, details: { version } })
  }
  for (const { secret } of clear) {
    if (!secret || usersOf({ identity: secret.owner, id: secret.id }, others).length > 0) continue
    if (await deleteSecret(tx, roomSecret(place.roomId, secret.owner, secret.id)))
      await record(tx, call, { action: 'secret:delete', ...place, target: `${secret.owner}/${secret.id}` })
  }
}

async function wantDeployment(tx: Tx, installationId: string, prepared: Prepared): Promise<void> {
  const wanted = { desired: 'running', phase: 'Pending', reason: 'Waiting for its turn.', attempts: 0, nextAttemptAt: new Date() } as const
  const { generation } = await tx.deployment.upsert({
    where: { installationId },
    create: { installationId, ...wanted },
    update: { ...wanted, generation: { increment: 1 } },
  })
  const set = new Set(prepared.partition.secrets.set.map(({ field }) => field.name))
  const stored = prepared.inspection.secrets.writes.filter((write) => set.has(write.variable))
  const message = stored.map((write) => `Stored secret ${write.id} for ${write.identity ?? ''}.`).join(' ')
  await tx.deploymentEvent.create({ data: { installationId, generation, phase: 'Pending', message: message === '' ? 'Ready to deploy.' : message } })
}
