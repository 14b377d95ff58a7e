import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reviewTemplate } from './review-template'
import { openWorkshop, type Workshop } from './testing'

const mail = `version: v1
kind: ServiceTemplate
metadata:
  name: Post
  annotations: {meshagent.service.id: post}
variables:
  - {name: sender, type: email}
agents:
  - name: post
    email: {address: "{{ sender }}"}
container: {image: "example.test/post:1", command: "send {{ sender }}"}
`

describe('reviewTemplate', () => {
  let shop: Workshop
  beforeAll(async () => void (shop = await openWorkshop()))
  afterAll(() => shop.close())
  const review = async (text: string) => reviewTemplate(shop.owner, { digest: await shop.stored(text), sourceUrl: null, roomId: shop.roomId })

  it('shows all of a template that is only valid once a field is filled in', async () => {
    const seen = await review(mail)
    expect(seen.stops).toEqual([])
    expect(seen.inspection.spec?.container).toMatchObject({ image: 'example.test/post:1', command: 'send ‹sender›' })
    expect(seen.inspection.unsupported.map((part) => part.feature)).toContain('mailbox')
  })

  it('stops a template that is wrong, that has no service id, and one that runs elsewhere', async () => {
    expect((await review(mail.replace('name: Post', 'name: Post\n  colour: red'))).stops.join()).toContain('Line 5')
    expect((await review(mail.replace('meshagent.service.id', 'other.id'))).stops).not.toEqual([])
    const external = `version: v1\nkind: ServiceTemplate\nmetadata: {name: x, annotations: {meshagent.service.id: x}}\nexternal: {url: "https://example.test"}\n`
    expect((await review(external)).stops.join()).toContain('somewhere else')
  })

  it('stops a template with more warnings than anybody reads', async () => {
    const many = Array.from({ length: 250 }, (_, index) => `    - {name: K${String(index)}, secret: {identity: bank, id: k${String(index)}}}\n`).join('')
    const text = `version: v1\nkind: ServiceTemplate\nmetadata: {name: x, annotations: {meshagent.service.id: x}}\ncontainer:\n  image: a\n  environment:\n${many}`
    expect((await review(text)).stops.join()).toContain('200 warnings')
  })

  it('offers what is installed already, with plain answers only', async () => {
    await shop.install(await shop.stored(mail), { sender: 'a@example.com' })
    expect((await review(mail)).existing).toMatchObject({ prefill: { sender: 'a@example.com' }, kept: [], sameTemplate: true })
  })

  it('shows nothing of a room to those who may not install there', async () => {
    const stranger = await shop.person('stranger@example.com')
    const digest = await shop.stored(mail)
    await expect(reviewTemplate(stranger, { digest, sourceUrl: null, roomId: shop.roomId })).rejects.toMatchObject({ code: 'not-found' })
  })
})
