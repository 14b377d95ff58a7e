import { record } from '@/lib/audit/record'
import { mintParticipantToken } from '@/lib/auth/participant-token'
import type { Keyring } from '@/lib/crypto/keyring'
import type { Database } from '@/lib/db/client'
import { AppError } from '@/lib/errors'
import { sameSecret, type Installed } from '@/lib/install/installed'
import { openInputs } from '@/lib/install/obscured-inputs'
import { readTemplate } from '@/lib/install/read-template'
import { renderIsolated } from '@/lib/manifest/isolate'
import type { Service } from '@/lib/manifest/service'
import type { EnvironmentEntry, Mount, Workload } from '@/lib/runtimes/runtime'
import { roomSecret } from '@/lib/secrets/secret-address'
import { listSecretMetadata, readSecret } from '@/lib/secrets/secret-store'
import type { SecretValue } from '@/lib/secrets/secret-value'
import { roomFolder, seedRoomFile } from './room-storage'

export interface Place {
  roomId: string
  roomName: string
  projectId: string
}

export interface Surroundings {
  dataDir: string
  serverVersion: string
  /** Where services reach this Latchkey. */
  url: string
}

/** A secret that has to be there before the service can start. */
export interface MissingSecret {
  owner: string
  id: string
  env: string
}

export type Resolution = { workload: Workload } | { missing: readonly MissingSecret[] }

type Read = (identity: string, id: string) => Promise<SecretValue | null>
type EnvironmentItem = NonNullable<NonNullable<Service['container']>['environment']>[number]

/**
 * Turns an installation into a workload: renders the stored text, reads the approved secrets, mints tokens, finds folders.
 * Every secret's reading is on record before its value is used.
 * @param hidden filled with the values that may stand in what was rendered, names and paths included, and in no sentence for people.
 * @throws AppError invalid when the template can no longer be rendered, secret-unreadable; RuntimeError invalid for paths that lead astray.
 */
export async function resolveWorkload(
  db: Database,
  keyring: Keyring,
  installed: Installed,
  place: Place,
  generation: number,
  surroundings: Surroundings,
  hidden: string[] = [],
): Promise<Resolution> {
  const requestId = `deploy-${installed.id}-${String(generation)}`
  const read: Read = async (identity, id) => {
    await record(db, { actor: { email: `service:${installed.serviceId}` }, requestId }, {
      action: 'secret:read',
      projectId: place.projectId,
      roomId: place.roomId,
      target: `${identity}/${id}`,
    })
    return (await readSecret(db, keyring, roomSecret(place.roomId, identity, id)))?.value ?? null
  }
  const obscured = await openInputs(db, keyring, installed)
  const leaked = await agreedLeaks(installed, read)
  hidden.push(...[...Object.values(obscured), ...Object.values(leaked)].filter((value) => value !== ''))
  const service = await render(db, installed, obscured, leaked)
  const container = service.container
  if (!container) throw new AppError('invalid', 'This service runs elsewhere (external); there is nothing to start here.')

  const missing = await missingSecrets(db, installed, place, container.environment ?? [])
  if (missing.length > 0) return { missing }
  const environment = new Map<string, EnvironmentEntry>()
  for (const item of container.environment ?? []) {
    const entry = await resolveEntry(db, keyring, place, item, read, hidden)
    if (entry) environment.set(entry.name, entry)
  }
  if (container.template === 'agent') await addAgentDefaults(db, keyring, service, place, surroundings, environment)

  for (const file of service.files ?? []) await seedRoomFile(surroundings.dataDir, place.roomId, file)
  return {
    workload: {
      id: installed.id,
      generation,
      labels: { service: installed.serviceId, room: place.roomId, project: place.projectId },
      image: container.image.replaceAll('{SERVER_VERSION}', surroundings.serverVersion),
      command: container.command ?? null,
      workingDir: container.working_dir ?? null,
      environment: [...environment.values()],
      mounts: await roomMounts(service, place, surroundings.dataDir),
      files: (container.storage?.files ?? []).map((file) => ({
        path: file.path,
        text: file.text,
        readOnly: file.read_only,
        sensitive: hidden.some((value) => file.text.includes(value)),
      })),
      emptyDirs: (container.storage?.empty_dirs ?? []).map((dir) => ({ path: dir.path, readOnly: dir.read_only })),
      ports: (service.ports ?? []).flatMap((port) => (port.num === '*' ? [] : [{ num: port.num, protocol: port.type }])),
      writableRoot: container.writable_root_fs ?? false,
    },
  }
}

/** Secrets that the installer agreed to have printed into the service. */
async function agreedLeaks({ clear }: Installed, read: Read): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const write of clear.writes) {
    const value = write.given && clear.leaks.includes(write.variable) ? await read(write.identity, write.id) : null
    if (value) values[write.variable] = value.reveal().toString('utf8')
  }
  return values
}

async function render(
  db: Database,
  { clear, templateDigest }: Installed,
  obscured: Readonly<Record<string, string>>,
  leaked: Readonly<Record<string, string>>,
): Promise<Service> {
  const rendered = await renderIsolated(await readTemplate(db, templateDigest), {
    values: { ...clear.inputs, ...obscured },
    secretsGiven: clear.writes.flatMap((write) => (write.given ? [write.variable] : [])),
    consented: leaked,
  })
  if (!rendered.ok) {
    const [error] = rendered.errors
    // A limit may come from what else the server is doing; anything else will be the same next time.
    throw new AppError(error?.code === 'limit' ? 'unavailable' : 'invalid', `The template cannot be rendered: ${error?.message ?? 'no reason was given.'}`)
  }
  return rendered.service
}

/**
 * References to secrets that are not stored. Nothing is read for a service that cannot start anyway.
 * @throws AppError invalid for a reference that the installer did not approve.
 */
async function missingSecrets(db: Database, { clear }: Installed, place: Place, environment: readonly EnvironmentItem[]): Promise<MissingSecret[]> {
  const present = await listSecretMetadata(db, place.roomId)
  return environment.flatMap(({ name, secret }) => {
    if (!secret) return []
    if (!clear.reads.some((approved) => sameSecret(approved, secret)))
      throw new AppError('invalid', `${name} refers to a secret that was not approved at installation. Update the service to review it.`)
    const stored = present.some(({ owner, key, delegatedTo }) => owner === secret.identity && key === secret.id && delegatedTo === '')
    // One that this very template asks for and may do without is simply not set.
    const leftOut = clear.writes.some((write) => sameSecret(write, secret) && !write.given && write.optional)
    return stored || leftOut ? [] : [{ owner: secret.identity, id: secret.id, env: name }]
  })
}

async function resolveEntry(
  db: Database,
  keyring: Keyring,
  place: Place,
  item: EnvironmentItem,
  read: Read,
  hidden: readonly string[],
): Promise<EnvironmentEntry | null> {
  if (item.secret) {
    const value = await read(item.secret.identity, item.secret.id)
    return value && { name: item.name, value: environmentText(item.name, item.secret, value), sensitive: true }
  }
  if (item.token) {
    const token = await mintParticipantToken(db, keyring, {
      projectId: place.projectId,
      roomName: place.roomName,
      identity: item.token.identity,
      role: item.token.role ?? 'agent',
      api: item.token.api ?? null,
    })
    return { name: item.name, value: token, sensitive: true }
  }
  if (item.value === undefined || item.value === null) return null
  const text = item.value
  return { name: item.name, value: text, sensitive: hidden.some((value) => text.includes(value)) }
}

/** Environment variables are text without NUL; bytes that are not cannot be handed over as one. */
function environmentText(name: string, secret: { identity: string; id: string }, value: SecretValue): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value.reveal())
    if (!text.includes('\0')) return text
  } catch {
    // Falls through to the one error below.
  }
  throw new AppError('invalid', `The secret "${secret.id}" of "${secret.identity}" is not UTF-8 text, so it cannot be handed over as ${name}.`)
}

/** What agents expect to find unless the manifest sets it. */
async function addAgentDefaults(
  db: Database,
  keyring: Keyring,
  service: Service,
  place: Place,
  surroundings: Surroundings,
  environment: Map<string, EnvironmentEntry>,
): Promise<void> {
  const add = (name: string, value: string, sensitive = false): void => {
    if (!environment.has(name)) environment.set(name, { name, value, sensitive })
  }
  add('MESHAGENT_API_URL', surroundings.url)
  add('MESHAGENT_PROJECT_ID', place.projectId)
  add('MESHAGENT_ROOM', place.roomName)
  if (!environment.has('MESHAGENT_TOKEN')) {
    const identity = service.metadata.name
    add('MESHAGENT_TOKEN', await mintParticipantToken(db, keyring, { projectId: place.projectId, roomName: place.roomName, identity, role: 'agent', api: null }), true)
  }
}

async function roomMounts(service: Service, place: Place, dataDir: string): Promise<Mount[]> {
  const container = service.container
  const room = container?.storage?.room ?? []
  const mounts = await Promise.all(
    room.map(async (mount) => ({
      source: await roomFolder(dataDir, place.roomId, mount.subpath ?? ''),
      path: mount.path,
      readOnly: mount.read_only,
    })),
  )
  // Agents find the room's storage at /data unless the manifest puts something there.
  const taken = [...mounts, ...(container?.storage?.project ?? []), ...(container?.storage?.empty_dirs ?? [])].some((mount) => mount.path === '/data')
  if (container?.template !== 'agent' || taken) return mounts
  return [...mounts, { source: await roomFolder(dataDir, place.roomId, ''), path: '/data', readOnly: false }]
}
