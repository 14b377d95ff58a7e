import { expect, test } from 'vitest'
import { inspectIsolated, renderIsolated } from './isolate'

const template = `version: v1
kind: ServiceTemplate
metadata:
  name: clock
  annotations:
    meshagent.service.id: example.clock
variables:
  - name: zone
container:
  image: example.test/clock:1
  command: clock --zone {{ zone }}
`

test('gives what the direct call gives', async () => {
  const inspection = await inspectIsolated(template, { values: { zone: 'UTC' }, secretsGiven: new Set(['x']) })
  expect(inspection.spec?.container?.command).toBe('clock --zone UTC')
  const rendered = await renderIsolated(template, { values: { zone: 'a: b\n- c' }, secretsGiven: [] })
  expect(rendered.ok && rendered.service.container?.command).toBe('clock --zone a: b\n- c')
})

test('a job that takes too long becomes an issue, and the next one gets a fresh worker', async () => {
  await inspectIsolated(template)
  const slow = '{% for a in range(400) %}{% for b in range(400) %}{{ a }}{% endfor %}{% endfor %}'
  const [late, next] = await Promise.all([inspectIsolated(template + slow, {}, 0), inspectIsolated(template)])
  expect(late.errors.map((issue) => issue.code)).toEqual(['limit'])
  expect(late.ok).toBe(false)
  expect(next.ok).toBe(true)
}, 60_000)

test('the calling thread stays free while a busy template is checked', async () => {
  await inspectIsolated(template)
  const busy = `${template}# {% for a in range(100000) %}{% for b in range(100000) %}{{ zone ~ a ~ b }}{% endfor %}{% endfor %}`
  let turns = 0
  const clock = setInterval(() => turns++, 5)
  const started = performance.now()
  const inspection = await inspectIsolated(busy)
  clearInterval(clock)
  expect(inspection.errors.map((issue) => issue.code)).toEqual(['jinja-limit'])
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(turns).toBeGreaterThan(0)
}, 60_000)

test('many callers at once are all answered', async () => {
  const inspections = await Promise.all(Array.from({ length: 30 }, (_, index) => inspectIsolated(template, { values: { zone: `z${String(index)}` } })))
  expect(inspections.map((inspection) => inspection.spec?.container?.command)).toEqual(inspections.map((_, index) => `clock --zone z${String(index)}`))
})
