import { expect, test } from 'vitest'
import { inspectTemplate } from './inspect'

const head = `version: v1
kind: ServiceTemplate
metadata: {name: n}
variables:
- {name: v, enum: [a, b, c, d, e, f, g, h, i, j]}
- {name: s, annotations: {meshagent.secret.id: x, meshagent.secret.identity: y}}
container: {image: i}
`

test.each([
  ['a loop that writes many agents', `${head}agents:\n{% for a in range(25000) %}- {name: x}\n{% endfor %}`],
  ['a loop that prints a secret thousands of times', `${head}agents:\n{% for a in range(4000) %}- {name: "{{ s }}"}\n{% endfor %}`],
  ['as many values as fit', `${head}agents:\n${'- {name: x}\n'.repeat(4500)}`],
  ['a hundred thousand old placeholders', `${head}files: [{path: x, text: "${'{v} '.repeat(100_000)}"}]`],
  ['thousands of suspicious names', `${head.replace('container: {image: i}', 'container:\n  image: i\n  environment:')}${'  - {name: "x\\u200b", secret: {identity: a, id: b}}\n'.repeat(2000)}`],
  ['thousands of !template texts', `${head}files:\n${'- {path: a, text: !template "{{ v }}"}\n'.repeat(5000)}`],
  ['half a megabyte of braces', head + '{'.repeat(500_000)],
  ['half a megabyte of open tags', head + '{%'.repeat(250_000)],
  ['expressions that never end', head + '{{ v '.repeat(150_000)],
  ['comments that never end', head + '{#'.repeat(250_000)],
  ['deep parentheses', `${head}{{ ${'('.repeat(100_000)}`],
  ['an alias repeated', `${head}a: &a {b: 1}\nc: [${'*a,'.repeat(40_000)}]`],
  ['thousands of unknown fields', head + Array.from({ length: 9000 }, (_, index) => `k${String(index)}: v\n`).join('')],
])('%s: an answer in bounded time, of bounded size', (_, text) => {
  const started = process.cpuUsage()
  const inspection = inspectTemplate(text)
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(2500)
  expect(inspection.warnings.length).toBeLessThanOrEqual(200)
  expect(inspection.errors.length).toBeLessThanOrEqual(201)
  expect(inspection.ok).toBe(inspection.errors.length === 0)
})
