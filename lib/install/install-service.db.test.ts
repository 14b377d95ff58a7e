import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openInputs } from './obscured-inputs'
import { installService } from './install-service'
import { openWorkshop, type Workshop } from './testing'
import { roomSecret } from '@/lib/secrets/secret-address'
import { putSecret, readSecret } from '@/lib/secrets/secret-store'
import { SecretValue } from '@/lib/secrets/secret-value'

const agent = (extra = '', environment = ''): string => `version: v1
kind: ServiceTemplate
metadata:
  name: helper
  annotations:
    meshagent.service.id: helper
variables:
  - name: greeting
    optional: true
  - name: pin
    obscure: true
    optional: true
  - name: token
    obscure: true
    annotations:
      meshagent.secret.id: token
      meshagent.secret.identity: helper
      meshagent.secret.type: text/plain
${extra}container:
  image: example.test/helper:{SERVER_VERSION}
  command: run
  environment:
    - name: GREETING
      value: "{{ greeting }}"
    - name: PIN
      value: "{{ pin }}"
    - name: MESHAGENT_TOKEN
      token: {identity: helper}
    - name: TOKEN
      secret: {identity: helper, id: token}
${environment}`

const canaries = { greeting: 'plain-canary', pin: 'obscured-canary', token: 'secret-canary' }

describe('installService', () => {
  let shop: Workshop
  beforeEach(async () => void (shop = await openWorkshop()))
  afterEach(() => shop.close())

  const secretText = async (owner: string, id: string): Promise<string | undefined> =>
    (await readSecret(shop.fresh.db, shop.keys, roomSecret(shop.roomId, owner, id)))?.value.reveal().toString()
  const counts = async () => ({
    installations: await shop.fresh.db.installation.count(),
    secrets: await shop.fresh.db.secret.count(),
    versions: await shop.fresh.db.secretVersion.count(),
    deployments: await shop.fresh.db.deployment.count(),
  })

  it('stores the secret for its owner, seals what is obscured and keeps only plain inputs in clear', async () => {
    const id = await shop.install(await shop.stored(agent()), canaries)
    expect(await secretText('helper', 'token')).toBe('secret-canary')
    const row = await shop.fresh.db.installation.findUniqueOrThrow({ where: { id } })
    expect(await openInputs(shop.fresh.db, shop.keys, row)).toEqual({ pin: 'obscured-canary' })
    const clear = JSON.stringify(row.clear)
    expect(clear).toContain('plain-canary')
    expect(clear).not.toContain('obscured-canary')
    expect(clear).not.toContain('secret-canary')
    const audit = JSON.stringify(await shop.fresh.db.auditEvent.findMany(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    expect(audit).toContain('service:install')
    expect(audit).toContain('helper/token')
    expect(audit).not.toMatch(/canary/)
  })

  it('keeps no hidden value in clear by way of the service’s own texts', async () => {
    const digest = await shop.stored(agent().replace('name: helper', 'name: "Helper {{ pin }}"\n  description: "{{ pin }}"'))
    const id = await shop.install(digest, canaries)
    expect(JSON.stringify(await shop.fresh.db.installation.findUniqueOrThrow({ where: { id } }))).not.toContain('obscured-canary')
  })

  it('writes no protected answer into the files of the room', async () => {
    const digest = await shop.stored(`${agent()}files:\n  - {path: notes.txt, text: "pin {{ pin }}"}\n`)
    await expect(shop.install(digest, canaries)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('files.0') as string })
    await shop.install(digest, { greeting: 'hello', token: 'x' })
  })

  it('does the same request once, however often and from how many tabs it comes', async () => {
    const digest = await shop.stored(agent())
    const requestKey = crypto.randomUUID()
    const ids = await Promise.all(Array.from({ length: 5 }, () => shop.install(digest, canaries, { requestKey })))
    expect(new Set(ids).size).toBe(1)
    expect(await counts()).toEqual({ installations: 1, secrets: 1, versions: 1, deployments: 1 })
  })

  it('lets one of two tabs install a service, and tells the other', async () => {
    const digest = await shop.stored(agent())
    const results = await Promise.allSettled([shop.install(digest, canaries), shop.install(digest, canaries)])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
    expect(await counts()).toMatchObject({ installations: 1, versions: 1 })
  })

  it('leaves nothing behind when it fails half-way', async () => {
    const digest = await shop.stored(agent())
    await shop.fresh.pool.query(`CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$ LANGUAGE plpgsql`)
    await shop.fresh.pool.query('CREATE TRIGGER refuse BEFORE INSERT ON "DeploymentEvent" FOR EACH ROW EXECUTE FUNCTION refuse()')
    await expect(shop.install(digest, canaries)).rejects.toThrow()
    expect(await counts()).toEqual({ installations: 0, secrets: 0, versions: 0, deployments: 0 })
    await shop.fresh.pool.query('DROP TRIGGER refuse ON "DeploymentEvent"')
    await shop.install(digest, canaries)
    expect(await counts()).toMatchObject({ installations: 1, versions: 1 })
  })

  it('says which fields are wrong, without their values', async () => {
    const extra = '  - name: size\n    title: Size\n    enum: [small, large]\n'
    const refused = await shop.install(await shop.stored(agent(extra)), { ...canaries, token: '', size: 'canary-size', unasked: 'x' }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'invalid' })
    const { fields } = refused as { fields: Record<string, string> }
    expect(Object.keys(fields).sort()).toEqual(['size', 'token', 'unasked'])
    expect(JSON.stringify(fields)).not.toContain('canary')
    expect(await counts()).toMatchObject({ installations: 0, secrets: 0 })
  })

  it('keeps secrets and obscured values through an update that leaves them blank', async () => {
    const first = await shop.install(await shop.stored(agent()), canaries)
    const newer = await shop.stored(agent('  - name: added\n    optional: true\n'))
    const second = await shop.install(newer, { greeting: 'changed', token: '', pin: '' }, { updates: first })
    expect(second).toBe(first)
    expect(await secretText('helper', 'token')).toBe('secret-canary')
    const row = await shop.fresh.db.installation.findUniqueOrThrow({ where: { id: first }, include: { deployment: true } })
    expect(await openInputs(shop.fresh.db, shop.keys, row)).toEqual({ pin: 'obscured-canary' })
    expect(row.clear).toMatchObject({ inputs: { greeting: 'changed' }, template: newer })
    expect(row.deployment).toMatchObject({ generation: 2, desired: 'running' })
    expect(await counts()).toMatchObject({ installations: 1, versions: 1 })
  })

  it('lets no update undo another one that it has not seen', async () => {
    const first = await shop.install(await shop.stored(agent()), canaries)
    const digest = await shop.stored(agent())
    const results = await Promise.allSettled([
      shop.install(digest, { token: '', pin: 'one' }, { updates: first }),
      shop.install(digest, { token: '', pin: 'two' }, { updates: first }),
    ])
    expect(results.filter((result) => result.status === 'rejected')).toMatchObject([{ reason: { code: 'conflict' } }])
  })

  it('asks again for a secret that a newer text stores elsewhere', async () => {
    const first = await shop.install(await shop.stored(agent()), canaries)
    const moved = await shop.stored(agent().replaceAll('id: token', 'id: elsewhere'))
    await expect(shop.install(moved, { token: '' }, { updates: first })).rejects.toMatchObject({ code: 'invalid', fields: { token: expect.any(String) as string } })
    expect(await secretText('helper', 'token')).toBe('secret-canary')
  })

  it('reads no secret of others without a tick for it', async () => {
    await shop.fresh.db.$transaction((tx) =>
      putSecret(tx, shop.keys, roomSecret(shop.roomId, 'bank', 'pin'), { value: SecretValue.fromText('x'), writtenBy: 'bank' }),
    )
    const digest = await shop.stored(agent('', '    - name: STOLEN\n      secret: {identity: bank, id: pin}\n'))
    const request = {
      roomId: shop.roomId, digest, sourceUrl: null, requestKey: crypto.randomUUID(), updates: null,
      inputs: { token: { action: 'set', value: 'x' } as const },
    }
    const asked = await installService(shop.owner, { ...request, accepted: [] })
    if (asked.done) throw new Error('installed without consent')
    expect(asked.ticks.map((tick) => tick.code)).toContain('foreign-secret')
    expect(await counts()).toMatchObject({ installations: 0 })
    const agreed = await installService(shop.owner, { ...request, accepted: asked.ticks.map((tick) => tick.key) })
    expect(agreed.done).toBe(true)
  })

  it('replaces no secret that was there before without a tick for it', async () => {
    await shop.fresh.db.$transaction((tx) =>
      putSecret(tx, shop.keys, roomSecret(shop.roomId, 'helper', 'token'), { value: SecretValue.fromText('older'), writtenBy: 'a' }),
    )
    const digest = await shop.stored(agent())
    await expect(shop.install(digest, canaries)).rejects.toThrow(/overwrite-secret:helper\/token/)
    expect(await secretText('helper', 'token')).toBe('older')
    await shop.install(digest, canaries, { accepted: ['overwrite-secret:helper/token'] })
    expect(await secretText('helper', 'token')).toBe('secret-canary')
  })

  it('lets nobody install who is not an owner of the room', async () => {
    const digest = await shop.stored(agent())
    const request = { roomId: shop.roomId, digest, sourceUrl: null, requestKey: crypto.randomUUID(), updates: null, accepted: [], inputs: {} }
    const stranger = await shop.person('stranger@example.com')
    const missing = await installService(stranger, { ...request, roomId: crypto.randomUUID() }).catch((error: unknown) => String(error))
    expect(await installService(stranger, request).catch((error: unknown) => String(error))).toBe(missing)
    const member = await shop.person('member@example.com')
    await shop.fresh.db.projectMember.create({ data: { projectId: shop.projectId, userId: member.actor.userId, role: 'member' } })
    await shop.fresh.db.roomMember.create({ data: { roomId: shop.roomId, userId: member.actor.userId, grant: 'member' } })
    await expect(installService(member, request)).rejects.toMatchObject({ code: 'forbidden' })
  })
})
