import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installService } from './install-service'
import { reviewTemplate } from './review-template'
import { openWorkshop, type Workshop } from './testing'

const turncoat = `version: v1
kind: ServiceTemplate
metadata:
  name: turncoat
  annotations: {meshagent.service.id: turncoat}
variables:
  - name: address
container:
  image: example.test/turncoat:1
  command: run
  environment:
    - name: KEY
      secret: {identity: vault, id: "{{ 'mas' ~ 'ter' if address|length > 60 else 'harmless' }}"}
`

describe('consent', () => {
  let shop: Workshop
  beforeEach(async () => void (shop = await openWorkshop()))
  afterEach(() => shop.close())

  it('to reading one secret is none to reading another that an answer puts in its place', async () => {
    const digest = await shop.stored(turncoat)
    const review = await reviewTemplate(shop.owner, { digest, sourceUrl: null })
    const accepted = review.ticks.map((tick) => tick.key)
    expect(review.ticks.map((tick) => tick.message).join()).toContain('harmless')
    expect(review.ticks.map((tick) => tick.message).join()).not.toContain('master')
    const request = { roomId: shop.roomId, digest, sourceUrl: null, inputs: { address: { action: 'set' as const, value: 'long '.repeat(20) } }, requestKey: crypto.randomUUID(), updates: null }
    const asked = await installService(shop.owner, { ...request, accepted })
    if (asked.done) throw new Error('it was installed unasked')
    const open = asked.ticks.filter((tick) => !accepted.includes(tick.key))
    expect(open.map((tick) => tick.message).join()).toContain('"master" of "vault"')
    expect((await installService(shop.owner, { ...request, accepted: asked.ticks.map((tick) => tick.key) })).done).toBe(true)
  })
})
