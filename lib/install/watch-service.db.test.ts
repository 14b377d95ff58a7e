import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkshop, until, type Workshop } from './testing'
import { watchService } from './watch-service'

const talker = `version: v1
kind: ServiceTemplate
metadata:
  name: talker
  annotations: {meshagent.service.id: talker}
container:
  image: example.test/talker:1
  command: talk
`

describe('watchService', () => {
  let shop: Workshop
  beforeEach(async () => void (shop = await openWorkshop()))
  afterEach(() => shop.close())

  it('keeps the newest lines only for a reader who is slower than the service', async () => {
    shop.startReconciler()
    const id = await shop.install(await shop.stored(talker), {})
    await until(() => shop.runtime.started.length > 0)
    const left = new AbortController()
    const messages = watchService(shop.owner, { installationId: id }, left.signal)
    await messages.next()
    await pause(100) // the log is being followed by now
    for (let line = 1; line <= 3_000; line += 1) shop.runtime.print(id, `line ${String(line)}`)
    await pause(500) // nobody reads meanwhile
    const seen: string[] = []
    while (seen.at(-1) !== 'line 3000') {
      const next = await messages.next()
      if (next.done !== true && next.value.kind === 'log') seen.push(next.value.data.text)
    }
    expect(seen.length).toBeLessThanOrEqual(1_000)
    left.abort()
    await messages.return(undefined)
  })

  it('is open to one person fifty times at once, and again when one has closed', async () => {
    const id = await shop.install(await shop.stored(talker), {})
    const left = new AbortController()
    const open = () => watchService(shop.owner, { installationId: id }, left.signal)
    const pages = Array.from({ length: 50 }, open)
    await Promise.all(pages.map((page) => page.next()))
    await expect(open().next()).rejects.toMatchObject({ code: 'too-many-attempts' })
    await Promise.all([pages[0]?.return(undefined), pause(2_500)])
    const another = open()
    expect((await another.next()).done).toBe(false)
    left.abort()
    await Promise.all([...pages, another].map((page) => page.return(undefined)))
  })
})
