import type { Call } from '@/lib/call'
import { currentRuntimeView } from '@/lib/deployments/current-runtime'
import { eventView, statusView } from '@/lib/deployments/status-view'
import { notFound } from '@/lib/errors'
import { inspectIsolated } from '@/lib/manifest/isolate'
import { listSecretMetadata } from '@/lib/secrets/secret-store'
import { ClearRecord } from './clear-record'
import { formFields } from './form-fields'
import { installedInRoom, sameSecret, usersOf } from './installed'
import { readTemplate } from './read-template'
import { requireInstallation } from './require-installation'
import type { ServiceSecretView, ServiceView } from './views'

const EVENTS = 50

/** One service with its secrets' states and its latest events, newest first. @throws AppError not-found, forbidden */
export async function getService(call: Call, input: { installationId: string }): Promise<ServiceView> {
  const { installation, place } = await requireInstallation(call, input.installationId, 'view:service')
  if (!installation.deployment) throw notFound('The service')
  const clear = ClearRecord.parse(installation.clear)
  const inspection = await inspectIsolated(await readTemplate(call.db, installation.templateDigest), { values: clear.inputs })
  const labels = new Map(formFields(inspection).map((field) => [field.name, field.label]))
  const events = await call.db.deploymentEvent.findMany({
    where: { installationId: installation.id },
    orderBy: { id: 'desc' },
    take: EVENTS,
  })
  return {
    installationId: installation.id,
    serviceId: installation.serviceId,
    name: installation.name,
    status: statusView(installation.deployment),
    ...place,
    description: inspection.spec?.metadata.description ?? null,
    sourceUrl: installation.sourceUrl,
    templateDigest: installation.templateDigest,
    image: inspection.spec?.container?.image ?? null,
    command: inspection.spec?.container?.command ?? null,
    inputs: Object.entries(clear.inputs).map(([name, value]) => ({ label: labels.get(name) ?? name, value })),
    secrets: await secretViews(call, installation.id, place.roomId, clear),
    events: events.map(eventView),
    runtime: await currentRuntimeView(),
    installedBy: installation.createdBy,
    installedAt: installation.createdAt.toISOString(),
  }
}

async function secretViews(call: Call, installationId: string, roomId: string, clear: ClearRecord): Promise<ServiceSecretView[]> {
  const present = await listSecretMetadata(call.db, roomId)
  const others = (await installedInRoom(call.db, roomId)).filter((other) => other.id !== installationId)
  const places = [...clear.writes.filter((write) => write.given), ...clear.reads]
  const distinct = places.filter((place, index) => places.findIndex((other) => sameSecret(other, place)) === index)
  return distinct.map((place) => ({
    owner: place.identity,
    id: place.id,
    environment: clear.reads.filter((read) => sameSecret(read, place)).map((read) => read.env),
    present: present.some((secret) => secret.owner === place.identity && secret.key === place.id && secret.delegatedTo === ''),
    written: clear.writes.some((write) => write.given && sameSecret(write, place)),
    usedBy: usersOf(place, others),
  }))
}
