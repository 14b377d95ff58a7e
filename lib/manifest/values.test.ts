import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspectTemplate } from './inspect'
import { renderService } from './render'

const template = `version: v1
kind: ServiceTemplate
metadata:
  name: "in double quotes: {{ v }}"
  description: 'in single quotes: {{ v }}'
  annotations:
    meshagent.service.id: example.values
    plain: {{ v }}
    plain.middle: before {{ v }} after
    twice: {{ v }}{{ v }}
    flow: "{{ v }}"
    key.{{ w }}: {{ v }}
    template: !template "{{ v }} {{ '{{' }} v }}"
variables:
  - name: v
  - name: w
agents:
  - name: a
    channels:
      queue:
        - queue: q
          message_schema: {type: object, "x-{{ w }}": ["{{ v }}", {{ v }}]}
container:
  image: {{ v }}  # {{ v }}
  command: run --x={{ v }}
  environment:
    - name: A
      value: {{ v }}
    - {name: B, value: {{ v }}}
    - name: C
      value: >
        folded {{ v }}
        line
  storage:
    files:
      - path: /f
        text: |
          {{ v }}
            {{ v }}
      - path: {{ v }}
        text: |-
          {% if v %}[{{ v }}]{% endif %}
`

function expected(v: string, w: string): unknown {
  return {
    version: 'v1',
    kind: 'Service',
    metadata: {
      name: `in double quotes: ${v}`,
      description: `in single quotes: ${v}`,
      annotations: {
        'meshagent.service.id': 'example.values',
        plain: v,
        'plain.middle': `before ${v} after`,
        twice: `${v}${v}`,
        flow: v,
        [`key.${w}`]: v,
        template: `${v} ${v}`,
      },
    },
    agents: [{ name: 'a', channels: { queue: [{ queue: 'q', message_schema: { type: 'object', [`x-${w}`]: [v, v] } }] } }],
    container: {
      image: v,
      template: 'agent',
      command: `run --x=${v}`,
      environment: [{ name: 'A', value: v }, { name: 'B', value: v }, { name: 'C', value: `folded ${v} line\n` }],
      storage: { files: [{ path: '/f', text: `${v}\n  ${v}\n`, read_only: true }, { path: v, text: `[${v}]`, read_only: true }] },
      private: true,
    },
  }
}

const hostile = [
  'null', '~', 'true', 'no', '0123', '1e3', '12:30', '2026-01-01', '<<', '=', '-', '- a', 'a: b', 'a #b', '#', '%', '@', '`', '|', '>', '&a', '*a', '!t', '!template x', '{{ w }}', '{% if 1 %}', '{# c #}', '{a: b}', '[a]', '"', "'", '\\', '\\n',
  '\n', '\r\n', '\r', ' ', '  a  ', '\ta', 'a\n  b: c\nprivate: false', '\nvariables: []', '---', '\n---\n', '...', '\u0085', '\u2028', '\u2029', '\ufeff', '\u0000', '\u0007', '\u001b[31m', '😀', 'é', 'e\u0301', '\u202e', '__proto__', 'constructor',
  '$&', '$1', "$'", 'C:\\new', '-----BEGIN KEY-----\nabc\n-----END KEY-----\n', 'q', 'x'.repeat(100_000),
]

function check(v: string, w: string): void {
  const result = renderService(template, { values: { v, w }, secretsGiven: [] })
  expect(result.ok ? result.service : result.errors).toEqual(expected(v, w))
}

test.each(hostile.map((value) => [JSON.stringify(value).slice(0, 40), value]))('%s reaches every field as it is', (_, value) => check(value, 'w'))

test.each(hostile.filter((value) => value !== '__proto__').map((value) => [JSON.stringify(value).slice(0, 40), value]))('%s is a key as it is', (_, value) => check('v', value))

test('any text reaches every field as it is and changes nothing else', () => {
  const text = fc.oneof(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ minLength: 1, unit: 'grapheme' }), fc.array(fc.constantFrom(...hostile.slice(0, -1)), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')))
  fc.assert(fc.property(text, text, (v, w) => check(v, w)), { numRuns: 300 })
}, 120_000)

test('a missing value is empty text; a field with nothing else in it is left out', () => {
  const result = renderService('version: v1\nkind: ServiceTemplate\nmetadata: {name: n, description: {{ a }}, icon: "{{ a }}", repo: {{ a }}{{ b }}}\ncontainer: {image: "i{{ a }}"}\n', { values: {}, secretsGiven: [] })
  expect(result.ok && result.service.metadata).toEqual({ name: 'n', icon: '', annotations: {} })
})

const typed = (field: string): string => `version: v1
kind: ServiceTemplate
metadata: {name: n, annotations: {meshagent.service.id: n}}
variables: [{name: v}]
container:
  image: i
${field}`

test.each([
  ['  private: {{ v }}', 'no', 'private', false],
  ['  private: "{{ v }}"', 'TRUE', 'private', true],
  ['  on_demand: {{ v }}', '1', 'on_demand', true],
  ['  template: {{ v }}', 'none', 'template', 'none'],
])('%s takes %j as the schema does', (field, value, key, wanted) => {
  const result = renderService(typed(field), { values: { v: value }, secretsGiven: [] })
  expect(result.ok && Object.entries(result.service.container ?? {}).find(([name]) => name === key)?.[1]).toBe(wanted)
})

test.each([['8080', 8080], [' 8080 ', 8080], ['+80', 80], ['1_000', 1000], ['80.0', 80]])('a port takes %j as the schema does', (value, wanted) => {
  const result = renderService(typed('ports: [{num: {{ v }}, host_port: "{{ v }}"}]'), { values: { v: value }, secretsGiven: [] })
  expect(result.ok && result.service.ports?.[0]).toMatchObject({ num: wanted, host_port: wanted })
})

test.each([
  ['  private: {{ v }}', 'maybe', 'container.private'],
  ['  template: {{ v }}', 'Agent', 'container.template'],
  ['ports: [{num: {{ v }}}]', '8078', 'ports.0.num'],
  ['ports: [{num: {{ v }}}]', '0x50', 'ports.0.num'],
  ['ports: [{num: {{ v }}}]', '-1', 'ports.0.num'],
  ['ports: [{num: {{ v }}}]', '80.5', 'ports.0.num'],
  ['ports: {{ v }}', '[]', 'ports'],
])('%s refuses %j and names the variable, never the value', (field, value, path) => {
  const result = renderService(typed(field), { values: { v: value }, secretsGiven: [] })
  expect(result.ok).toBe(false)
  if (result.ok) return
  expect(result.errors).toMatchObject([{ code: 'value-refused', path, variables: ['v'] }])
  expect(result.errors[0]?.message).toContain('value of v')
})

test.each([
  ['a: &{{ v }} b'], ['a: *{{ v }}'], ['a: !{{ v }} b'], ['a: !!{{ v }} b'], ['a: "\\{{ v }}"'], ['a: "\\x{{ v }}"'], ['a: |{{ v }}\n  b'], ['a: !!int "{{ v }}"'], ['{{ v }}: b'], ['metadata: {{ "{" }}{{ v }}: x}'],
  ['a: !template "{{ "{{" }} {{ v }} }}"'],
])('%j has no place for a value: refused, naming the variable', (line) => {
  const result = renderService(`variables: [{name: v}]\n${line}\n`, { values: { v: 'name' }, secretsGiven: [] })
  expect(result.ok).toBe(false)
  if (result.ok) return
  const issue = result.errors.find((error) => error.code === 'value-misplaced')
  expect(issue?.variables).toEqual(['v'])
  expect(issue?.message).toContain('v')
  expect(issue?.line).toBe(2)
})

test('a value printed into a key may not collide with another key', () => {
  const inspection = inspectTemplate(typed('agents: [{name: a, annotations: {fixed: x, "{{ v }}": y}}]'), { values: { v: 'fixed' } })
  expect(inspection.errors).toMatchObject([{ code: 'value-misplaced', variables: ['v'] }])
})

test('errors that come only from missing values say so', () => {
  const text = typed('agents: [{name: a, email: {address: "{{ v }}"}}]')
  expect(inspectTemplate(text).errors).toMatchObject([{ code: 'value-required', path: 'agents.0.email', variables: ['v'] }])
  expect(inspectTemplate(text, { values: { v: 'a@example.com' } }).errors).toEqual([])
  expect(inspectTemplate(text, { values: { v: ' ' } }).errors).toMatchObject([{ code: 'value-refused' }])
})

test.each(['5', 'yes', '~', '2001-01-01', '1.5'])('%s is no key where a text maps to a text', (key) => {
  const text = typed(`agents: [{name: a, annotations: {fine: x, ${key}: y}}]`)
  const [error, ...more] = inspectTemplate(text).errors
  expect(more).toEqual([])
  expect(error?.code).toBe('field-invalid')
  expect(text.split('\n')[(error?.line ?? 0) - 1]?.slice((error?.column ?? 0) - 1)).toMatch(new RegExp(`^${key.replace('.', '\\.')}: y`))
  expect(inspectTemplate(typed(`agents: [{name: a, annotations: {"${key}": y}}]`)).errors).toEqual([])
})

test.each(['5', 'yes', '2001-01-01', '1.5'])('%s where a text belongs is told at its own place', (value) => {
  const text = typed(`agents: [{name: ${value}}]`)
  const [error] = inspectTemplate(text).errors
  expect(text.split('\n')[(error?.line ?? 0) - 1]?.slice((error?.column ?? 0) - 1).startsWith(value)).toBe(true)
})
