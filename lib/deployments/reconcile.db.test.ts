import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkshop, until, type Workshop } from '@/lib/install/testing'
import { reviewTemplate } from '@/lib/install/review-template'
import { restartService } from '@/lib/install/restart-service'
import { uninstallService } from '@/lib/install/uninstall-service'
import { RuntimeError } from '@/lib/runtimes/runtime'
import { setSecret } from '@/lib/secrets/set-secret'
import { roomStorage } from './room-storage'

const template = (body: string): string => `version: v1
kind: ServiceTemplate
metadata:
  name: helper
  annotations: {meshagent.service.id: helper}
${body}`

const withSecret = template(`variables:
  - name: token
    obscure: true
    optional: true
    annotations: {meshagent.secret.id: token, meshagent.secret.identity: helper}
  - name: pin
    obscure: true
    optional: true
container:
  image: example.test/helper:{SERVER_VERSION}
  command: run
  template: none
  environment:
    - name: TOKEN
      secret: {identity: helper, id: token}
    - name: PIN
      value: "x{{ pin }}y"
    - name: PLAIN
      value: open
    - name: HELPER_TOKEN
      token: {identity: helper, role: tool, api: {secrets: {}}}
  storage:
    room: [{path: /work, subpath: sub}]
files:
  - {path: seeded.txt, text: hello}
`)

const foreign = template(`container:
  image: example.test/helper:1
  command: run
  template: none
  environment:
    - name: KEY
      secret: {identity: vault, id: key}
`)

describe('the reconciler', () => {
  let shop: Workshop
  beforeEach(async () => void (shop = await openWorkshop({ restartDelay: 5 })))
  afterEach(() => shop.close())

  const deployment = (id: string) => shop.fresh.db.deployment.findUniqueOrThrow({ where: { installationId: id } })
  const phase = (id: string, wanted: string) =>
    until(async () => {
      const row = await deployment(id)
      return row.phase === wanted ? row : null
    })
  const environment = (id: string): Record<string, string> =>
    Object.fromEntries(shop.runtime.started.filter((workload) => workload.id === id).at(-1)?.environment.map((entry) => [entry.name, entry.value]) ?? [])

  it('says nothing of a protected value that stands in a name or a path', async () => {
    const text = template(`variables:
  - name: pin
    obscure: true
container:
  image: example.test/helper:1
  command: run
  template: none
  storage:
    files: [{path: "/v/{{ pin }}", text: x}, {path: "/v/{{ pin }}", text: y}]
`)
    const id = await shop.install(await shop.stored(text), { pin: 'canary-pin' })
    shop.startReconciler()
    expect((await phase(id, 'Failed')).reason).toBe('Two mounts, files or empty directories want the path /v/[masked].')
    const said = await shop.fresh.db.deploymentEvent.findMany({ where: { installationId: id } })
    expect(JSON.stringify(said.map((event) => event.message))).not.toContain('canary')
  })

  it('starts what was installed, with its secret, its token and its files', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'sesame', pin: '123' })
    await phase(id, 'Running')
    const [workload] = shop.runtime.started
    expect(environment(id)).toMatchObject({ TOKEN: 'sesame', PIN: 'x123y', PLAIN: 'open' })
    expect(workload?.environment.filter((entry) => entry.sensitive).map((entry) => entry.name)).toEqual(['TOKEN', 'PIN', 'HELPER_TOKEN'])
    expect(workload?.image).toBe('example.test/helper:9.9.9')
    expect(workload?.mounts).toEqual([{ source: path.join(roomStorage(shop.dataDir, shop.roomId), 'sub'), path: '/work', readOnly: false }])
    expect(readFileSync(path.join(roomStorage(shop.dataDir, shop.roomId), 'seeded.txt'), 'utf8')).toBe('hello')
  })

  it('gives a service a token that says who it is and what it may do, signed with the project’s key', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'sesame' })
    await phase(id, 'Running')
    const key = await shop.fresh.db.apiKey.findFirstOrThrow({ where: { projectId: shop.projectId } })
    const secret = await shop.keys.open(shop.fresh.db, 'server', key.sealed, JSON.stringify(['latchkey/api-key/v1', key.id]))
    const { payload, protectedHeader } = await jwtVerify(environment(id)['HELPER_TOKEN'] ?? '', secret)
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(payload).toMatchObject({
      name: 'helper',
      sub: shop.projectId,
      kid: key.id,
      grants: [{ name: 'room', scope: 'Bench' }, { name: 'role', scope: 'tool' }, { name: 'api', scope: { secrets: {} } }],
    })
  })

  it('puts the reading of a secret on record, under the service’s name', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'sesame' })
    await phase(id, 'Running')
    expect(await shop.fresh.db.auditEvent.findMany({ where: { action: 'secret:read' } })).toMatchObject([{ actor: 'service:helper', target: 'helper/token' }])
  })

  it('gives no secret to a service when its reading cannot be recorded', async () => {
    await shop.fresh.pool.query(`CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN IF NEW.action = 'secret:read' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql`)
    await shop.fresh.pool.query('CREATE TRIGGER refuse BEFORE INSERT ON "AuditEvent" FOR EACH ROW EXECUTE FUNCTION refuse()')
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'sesame' })
    await phase(id, 'Failed')
    expect(shop.runtime.started).toEqual([])
  })

  it('waits for a missing secret, names it, and starts by itself once it is stored', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(foreign), {}, { accepted: await ticks(foreign) })
    const waiting = await phase(id, 'NeedsSecret')
    expect(waiting.reason).toContain('"key" owned by "vault"')
    expect(shop.runtime.started).toEqual([])
    expect(await shop.fresh.db.auditEvent.count({ where: { action: 'secret:read' } })).toBe(0)
    await setSecret(shop.owner, { roomId: shop.roomId, owner: 'vault', id: 'key', value: 'opened' })
    await phase(id, 'Running')
    expect(environment(id)).toEqual({ KEY: 'opened' })
  })

  it('leaves the variable of an optional secret unset when none was given', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: '' })
    await phase(id, 'Running')
    expect(environment(id)).not.toHaveProperty('TOKEN')
  })

  it('brings back what was removed by hand', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'a' })
    await phase(id, 'Running')
    await shop.runtime.remove(id)
    await until(() => shop.runtime.started.length === 2)
    await phase(id, 'Running')
  })

  it('runs the newest generation after changes in quick succession', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'a' })
    for (let round = 0; round < 3; round++) await restartService(shop.owner, { installationId: id })
    await until(async () => (await deployment(id)).observedGeneration === 4)
    expect((await shop.runtime.observe(id)).generation).toBe(4)
  })

  it('tells of crashes and of what cannot be pulled, and tries again', async () => {
    shop.startReconciler()
    shop.runtime.failNext(new RuntimeError('image-not-found', 'The image does not exist.'))
    const id = await shop.install(await shop.stored(withSecret), { token: 'a' })
    expect((await phase(id, 'Failed')).reason).toContain('image')
    await phase(id, 'Running')
  })

  it('refuses a reference that was not approved, even if the stored text now has it', async () => {
    const id = await shop.install(await shop.stored(foreign), {}, { accepted: await ticks(foreign) })
    await setSecret(shop.owner, { roomId: shop.roomId, owner: 'vault', id: 'other', value: 'not for you' })
    const changed = await shop.stored(foreign.replace('id: key', 'id: other'))
    await shop.fresh.db.installation.update({ where: { id }, data: { templateDigest: changed } })
    shop.startReconciler()
    expect((await phase(id, 'Failed')).reason).toContain('not approved')
    expect(shop.runtime.started).toEqual([])
  })

  it('removes what was uninstalled, with its sealed inputs, and deletes only the chosen secrets', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'a', pin: '9' })
    await phase(id, 'Running')
    await expect(uninstallService(shop.owner, { installationId: id, deleteSecrets: [{ owner: 'bank', id: 'pin' }] })).rejects.toMatchObject({ code: 'invalid' })
    await uninstallService(shop.owner, { installationId: id, deleteSecrets: [{ owner: 'helper', id: 'token' }] })
    await phase(id, 'Removed')
    expect(await shop.runtime.list()).toEqual([])
    expect(await shop.fresh.db.secret.count()).toBe(0)
    expect(await shop.fresh.db.installation.findUniqueOrThrow({ where: { id } })).toMatchObject({ sealedInputs: null })
    expect(existsSync(roomStorage(shop.dataDir, shop.roomId))).toBe(true)
  })

  it('finishes what another one, killed in the middle, had begun', async () => {
    const id = await shop.install(await shop.stored(withSecret), { token: 'a' })
    // A dead server's lease and half-way phase.
    await shop.fresh.db.deployment.updateMany({ data: { leaseOwner: 'dead', leaseUntil: new Date(Date.now() + 60_000), phase: 'Starting' } })
    shop.startReconciler()
    await phase(id, 'Running')
    expect(shop.runtime.started).toHaveLength(1)
  })

  it('starts a workload once however many reconcilers share the work', async () => {
    for (let count = 0; count < 3; count++) shop.startReconciler()
    const id = await shop.install(await shop.stored(withSecret), { token: 'a' })
    await phase(id, 'Running')
    expect(shop.runtime.started).toHaveLength(1)
  })

  it('removes workloads of its own that nobody wants', async () => {
    const id = await shop.install(await shop.stored(withSecret), { token: 'a' })
    const first = shop.startReconciler()
    await phase(id, 'Running')
    await first.stop()
    await shop.fresh.db.installation.deleteMany()
    shop.startReconciler()
    await until(async () => (await shop.runtime.list()).length === 0)
  })

  async function ticks(text: string): Promise<string[]> {
    const review = await reviewTemplate(shop.owner, { digest: await shop.stored(text), sourceUrl: null, roomId: shop.roomId })
    return review.ticks.map((tick) => tick.key)
  }
})
