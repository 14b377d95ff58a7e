import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { testPostgres } from '@/lib/db/testing'
import { openWorkshop } from './testing'
import { uninstallService } from './uninstall-service'

const template = `version: v1
kind: ServiceTemplate
metadata:
  name: helper
  annotations: {meshagent.service.id: helper}
container:
  image: example.test/helper:1
  command: run
`

/** The embedded database takes one transaction at a time, so that only a real server shows what the lock is worth. */
it.skipIf(testPostgres === undefined)('uninstalling waits for an update that is under way, and is not undone by it (needs LATCHKEY_TEST_POSTGRES)', async () => {
  const shop = await openWorkshop({ on: 'postgres' })
  try {
    const id = await shop.install(await shop.stored(template), {})
    const order: string[] = []
    let uninstalling: Promise<void> = Promise.resolve()
    await shop.fresh.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "Room" WHERE "id" = ${shop.roomId}::uuid FOR UPDATE` // as installs do
      uninstalling = uninstallService(shop.owner, { installationId: id, deleteSecrets: [] }).then(() => void order.push('uninstalled'))
      await pause(500)
      await tx.deployment.update({ where: { installationId: id }, data: { desired: 'running', generation: { increment: 1 } } })
      order.push('updated')
    })
    await uninstalling
    expect(order).toEqual(['updated', 'uninstalled'])
    expect(await shop.fresh.db.deployment.findUniqueOrThrow({ where: { installationId: id } })).toMatchObject({ desired: 'removed', generation: 3 })
  } finally {
    await shop.close()
  }
})
