import { describe, expect, test } from 'vitest'
import { inspectTemplate, type InspectOptions, type WarningCode } from './inspect'
import { renderService } from './render'

interface Parts {
  readonly name?: string
  readonly variables?: string
  readonly environment?: string
  readonly rest?: string
}

/** A manifest without warnings but for its parts. Lines: name 4, variables from 8 on. */
const manifest = ({ name = 'n', variables = '', environment = '', rest = '' }: Parts): string => `version: v1
kind: ServiceTemplate
metadata:
  name: ${name}
  annotations: {meshagent.service.id: example.n}
# values
variables:
  - name: unused
${variables}
container:
  image: example.test/n:1
  environment:
    - {name: TOKEN, token: {identity: owner}}
${environment}
${rest}`

const secret = (name: string, id = name, identity = 'owner'): string => `  - {name: ${name}, obscure: true, annotations: {meshagent.secret.id: ${id}, meshagent.secret.identity: ${identity}}}\n`

function told(text: string, code: WarningCode, options?: InspectOptions) {
  return inspectTemplate(text, options).warnings.filter((warning) => warning.code === code)
}

test('a manifest in order has no warnings', () => {
  const text = manifest({ variables: secret('key'), environment: '    - {name: KEY, secret: {identity: owner, id: key}}\n    - {name: V, value: "{{ unused }}"}' })
  expect(inspectTemplate(text)).toMatchObject({ ok: true, warnings: [], install: [] })
})

describe('secret-leak', () => {
  const leaking = (printed: string): string => manifest({ variables: secret('key'), rest: `  command: ${printed}\n` })
  test.each([
    ['printed', '"{{ key }}"'],
    ['a part of it', '"{{ key[:4] }}"'],
    ['one letter', '"{{ key[0] }}"'],
    ['transformed', '"{{ key | upper | replace(\'A\', \'B\') }}"'],
    ['its length', '"{{ key | length }}"'],
    ['its reverse', '"{{ key | reverse }}"'],
    ['joined with text', '"{{ \'Bearer \' ~ key }}"'],
    ['in a list', '"{{ [1, key] }}"'],
    ['in a mapping', '"{{ {\'k\': key}.k }}"'],
    ['under another name', '"{% set other = key %}{{ other }}"'],
    ['through a macro', '"{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(key) }}"'],
    ['letter by letter', '"{% for c in key %}{{ c }}{% endfor %}"'],
    ['only when given', '"{% if key %}--key {{ key }}{% endif %}"'],
    ['behind another value', '"{% if unused %}{{ key }}{% endif %}"'],
    ['behind a certain text', '"{% if unused == \'debug\' %}{{ key }}{% endif %}"'],
    ['behind two values', '"{% if unused == \'a\' and other == \'b\' %}{{ key }}{% endif %}"'],
    ['behind a number', '"{{ key if unused | int > 5 else \'x\' }}"'],
    ['behind a macro', '"{% macro m() %}{% if unused | length > 20 %}{{ key[0] }}{% endif %}{% endmacro %}{{ m() }}"'],
    ['as a default', '"{{ unused | default(key, true) }}"'],
    ['in a comment', 'run # {{ key }}'],
    ['in a !template text', '!template "{{ \'{{ key }}\' }}"'],
    ['by comparison', '"{% if key == \'admin\' %}a{% else %}b{% endif %}"'],
    ['by a printed comparison', '"{{ key is defined and key == \'admin\' }}"'],
    ['by membership', '"{% if key in [\'\', \'admin\'] %}a{% endif %}"'],
    ['by its first letter', '"{% if key.startswith(\'a\') %}a{% endif %}"'],
    ['by its length', '"{% if key | length > 8 %}long{% endif %}"'],
  ])('%s', (_, printed) => {
    const found = told(leaking(printed), 'secret-leak')
    expect(found.length).toBeGreaterThan(0)
    for (const warning of found) {
      expect(warning.variables).toEqual(['key'])
      expect(warning.line).toBeGreaterThanOrEqual(14)
    }
  })

  test.each([
    ['its presence', '"{% if key %}--with-key{% endif %}"'],
    ['its absence', '"{% if not key %}--anonymous{% else %}--named{% endif %}"'],
    ['whether it is defined', '"{% if key is defined %}--key{% endif %}"'],
    ['a branch that the author switched off', '"{% if false %}{{ key }}{% endif %}{{ key if 1 > 2 else \'x\' }}"'],
    ['branches beside it', '"{% if unused == \'a\' and other == \'b\' %}{{ unused }}{% elif key %}{{ other }}{% endif %}"'],
    ['its presence, printed', '"{{ key is defined }} {{ not key }} {{ key != \'\' }} {{ key is defined and key is string }}"'],
    ['whether it is none or empty', '"{% if key is not none and key not in [\'\', none] and key != none %}--key{% endif %}"'],
    ['its name only', '"{# {{ key }} #}run {% raw %}{{ key }}{% endraw %}"'],
  ])('is not told for %s', (_, printed) => expect(told(leaking(printed), 'secret-leak')).toEqual([]))

  test('names the field and the line', () => {
    expect(told(leaking('"{{ key }}"'), 'secret-leak')).toMatchObject([{ path: 'container.command', line: 16 }])
  })

  test('stops a rendering unless the installer agreed, and only then the value is used', () => {
    const text = leaking('"--key {{ key }}"')
    const refused = renderService(text, { values: { key: 'CANARY' }, secretsGiven: [] })
    expect(refused).toMatchObject({ ok: false, errors: [{ code: 'secret-leak', path: 'container.command', variables: ['key'] }] })
    expect(JSON.stringify(refused)).not.toContain('CANARY')
    const agreed = renderService(text, { values: {}, secretsGiven: ['key'], consented: { key: 'CANARY' } })
    expect(agreed.ok && agreed.service.container?.command).toBe('--key CANARY')
  })

  test('of a secret that is not given stops nothing', () => {
    expect(renderService(leaking('"--key {{ key }}"'), { values: {}, secretsGiven: [] })).toMatchObject({ ok: true })
  })

  test('is no reason to mask or refuse the answer to a test for presence', () => {
    const text = leaking('"--ask={{ not key }}"')
    expect(inspectTemplate(text, { values: { key: 'CANARY' } }).spec?.container?.command).toBe('--ask=False')
    expect(renderService(text, { values: {}, secretsGiven: ['key'] })).toMatchObject({ ok: true, service: { container: { command: '--ask=False' } } })
  })

  test('a variable that is secret only for some values is secret for all', () => {
    const text = manifest({ variables: '  - name: key\n    annotations: { {% if not unused %}meshagent.secret.id: k, {% endif %}meshagent.secret.identity: owner}\n', rest: '  command: "{{ key }}"\n' })
    const inspection = inspectTemplate(text, { values: { unused: 'x', key: 'CANARY' }, reveal: true })
    expect(JSON.stringify(inspection)).not.toContain('CANARY')
    expect(inspection.variables.find((variable) => variable.name === 'key')?.obscure).toBe(true)
    expect(inspection.install.map((issue) => issue.variables)).toContainEqual(['key'])
    expect(renderService(text, { values: { unused: 'x', key: 'CANARY' }, secretsGiven: [] })).toMatchObject({ ok: false, errors: [{ code: 'secret-leak' }] })
  })
})

test.each<[WarningCode, string, Parts, readonly { path: string; line?: number }[]]>([
  ['foreign-secret', 'another id', { variables: secret('key'), environment: '    - {name: K, secret: {identity: owner, id: other}}' }, [{ path: 'container.environment.1.secret', line: 15 }]],
  ['foreign-secret', 'another owner', { variables: secret('key'), environment: '    - {name: K, secret: {identity: someone, id: key}}' }, [{ path: 'container.environment.1.secret' }]],
  ['foreign-secret', 'an address from a value', { variables: secret('key'), environment: '    - {name: K, secret: {identity: owner, id: "{{ unused }}"}}' }, [{ path: 'container.environment.1.secret' }]],
  ['foreign-secret', 'the same address from the same value', { variables: secret('key', '"k-{{ unused }}"'), environment: '    - {name: K, secret: {identity: owner, id: "k-{{ unused }}"}}' }, []],
  ['foreign-secret', 'a branch', { environment: '{% if unused %}    - {name: K, secret: {identity: owner, id: other}}{% endif %}' }, [{ path: 'container.environment.1.secret' }]],
  ['secret-conflict', 'two variables for one secret', { variables: secret('a', 'k') + secret('b', 'k') }, [{ path: 'variables.2', line: 10 }]],
  ['secret-conflict', 'one id of two owners', { variables: secret('a', 'k') + secret('b', 'k', 'other') }, []],
  ['identity-without-token', 'a collected secret', { variables: secret('a', 'a', 'nobody') }, [{ path: 'variables.1' }]],
  ['identity-without-token', 'a secret that is read', { environment: '    - {name: K, secret: {identity: nobody, id: k}}' }, [{ path: 'container.environment.1.secret' }]],
  ['identity-without-token', 'told once for each identity', { variables: secret('a', 'a', 'nobody') + secret('b', 'b', 'nobody') }, [{ path: 'variables.1' }]],
  ['identity-without-token', 'an endpoint carries it', { variables: secret('a', 'a', 'desk'), rest: 'ports: [{endpoints: [{path: /a, meshagent: {identity: desk}}]}]' }, []],
  ['admin-scope', 'in a token', { environment: '    - {name: T, token: {identity: t, api: {admin: {}}}}' }, [{ path: 'container.environment.1.token.api.admin' }]],
  ['admin-scope', 'in an endpoint', { rest: 'ports: [{endpoints: [{path: /a, meshagent: {identity: owner, api: {admin: {config: false}}}}]}]' }, [{ path: 'ports.0.endpoints.0.meshagent.api.admin' }]],
  ['admin-scope', 'null asks for nothing', { environment: '    - {name: T, token: {identity: t, api: {admin: null, agents: {}}}}' }, []],
  ['duplicate-key', 'the last one counts', { rest: '  image: other' }, [{ path: 'container.image', line: 15 }]],
  ['duplicate-variable', 'one name twice', { variables: '  - name: unused\n' }, [{ path: 'variables.1.name', line: 9 }]],
  ['duplicate-environment', 'one name twice', { environment: '    - {name: TOKEN, value: x}' }, [{ path: 'container.environment.1.name' }]],
  ['environment-source', 'none', { environment: '    - name: X' }, [{ path: 'container.environment.1', line: 14 }]],
  ['environment-source', 'null', { environment: '    - {name: X, value: null}' }, [{ path: 'container.environment.1' }]],
  ['environment-source', 'several', { environment: '    - {name: X, value: x, token: {identity: owner}}' }, [{ path: 'container.environment.1' }]],
  ['environment-source', 'an empty text is a source', { environment: '    - {name: X, value: ""}' }, []],
  ['environment-source', 'so is a value that is not given yet', { environment: '    - {name: X, value: {{ unused }}}' }, []],
  ['legacy-placeholder', 'in a field', { rest: '  command: run {unused} {other}' }, [{ path: 'container.command', line: 15 }]],
  ['legacy-placeholder', 'in a later line of a text', { rest: '  storage: \n    files:\n    - path: /f\n      text: |\n        a\n        {unused}' }, [{ path: 'container.storage.files.0.text', line: 20 }]],
  ['legacy-placeholder', 'not in double braces, a shell or a comment', { rest: '  command: run {{ unused }} ${unused} # {unused}' }, []],
  ['legacy-placeholder', 'not what the platform fills in', { variables: '  - name: SERVER_VERSION\n  - name: YYYY\n', rest: '  command: run {SERVER_VERSION} {YYYY}' }, []],
  ['reserved-name', 'a word of the language', { variables: '  - name: "true"\n  - name: not\n  - name: self\n  - name: None\n' }, [{ path: 'variables.1.name' }, { path: 'variables.2.name' }, { path: 'variables.3.name' }, { path: 'variables.4.name' }]],
  ['reserved-name', 'words that print all the same', { variables: '  - name: if\n  - name: class\n  - name: range\n  - name: loop\n' }, []],
  ['unusable-name', 'no identifier', { variables: '  - name: my-var\n  - name: my var\n  - name: 1x\n  - name: a.b\n  - name: ""\n  - name: x²\n' }, [1, 2, 3, 4, 5, 6].map((index) => ({ path: `variables.${String(index)}.name` }))],
  ['unusable-name', 'letters of any script', { variables: '  - name: größe\n  - name: имя\n  - name: _x1\n' }, []],
  ['later-dialect', 'run_as', { rest: '  run_as: {email: a@example.com}' }, [{ path: 'container.run_as', line: 15 }]],
  ['later-dialect', 'a secret without identity', { environment: '    - {name: K, secret: {id: k}}' }, [{ path: 'container.environment.1.secret' }]],
  ['later-dialect', 'a variable without identity', { variables: '  - {name: k, annotations: {meshagent.secret.id: k}}\n' }, [{ path: 'variables.1' }]],
])('%s: %s', (code, _, parts, expected) => {
  const found = told(manifest(parts), code)
  expect(found).toHaveLength(expected.length)
  expect(found).toMatchObject(expected)
})

describe('suspicious-name', () => {
  const names = (parts: Parts): string[] => told(manifest(parts), 'suspicious-name').map((warning) => warning.path)
  test.each([
    ['zero width space', 'own\u200ber'], ['right-to-left override', 'own\u202eer'], ['soft hyphen', 'own\u00ader'], ['no-break space', 'own\u00a0er'], ['byte order mark', 'owner\ufeff'], ['Hangul filler', 'owner\u3164'], ['tag letter', 'owner\u{e0061}'],
    ['Cyrillic о', '\u043ewner'], ['all Cyrillic', '\u0440\u0430\u0443\u0440\u0430\u0443'], ['Greek ο', '\u03bfwner'], ['full width', '\uff4f\uff57ner'], ['mathematical', '\u{1d428}wner'], ['dotless ı', 'g\u0131thub'], ['other hyphen', 'own\u2010er'], ['trailing space', 'owner '],
  ])('%s', (_, identity) => {
    const quoted = JSON.stringify(identity)
    expect(names({ variables: secret('key', 'key', quoted) })).toContain('variables.1.annotations.meshagent.secret.identity')
    expect(names({ environment: `    - {name: K, secret: {identity: ${quoted}, id: k}}` })).toContain('container.environment.1.secret.identity')
    expect(names({ environment: `    - {name: ${quoted}, token: {identity: ${quoted}}}` })).toEqual(expect.arrayContaining(['container.environment.1.name', 'container.environment.1.token.identity']))
    expect(names({ variables: `  - name: ${quoted}\n` })).toContain('variables.1.name')
    expect(names({ variables: secret('key', quoted) })).toContain('variables.1.annotations.meshagent.secret.id')
  })
  test('the name of the service', () => expect(names({ name: '"Sup\\u200bport"' })).toEqual(['metadata.name']))
  test.each(['Support Agent', 'Größe & Maß', 'Поддержка', '支援', 'דלפק', 'Newsroom — daily', '🎫 Tickets', '👩‍💻 Desk', '❤️', 'Café 2'])('%s is a fine name for a service', (name) => expect(names({ name: JSON.stringify(name) })).toEqual([]))
})

test('a template that cannot be read without values still tells what it asks for, stores and leaks', () => {
  const inspection = inspectTemplate(manifest({ variables: secret('key'), rest: '  command: "{{ key[0] }}"\n' }))
  expect(inspection).toMatchObject({ ok: false, kind: 'ServiceTemplate', errors: [{ code: 'value-required', line: 16, variables: ['unused', 'key'] }] })
  expect(inspection.variables.map((variable) => variable.name)).toEqual(['unused', 'key'])
  expect(inspection.secrets.writes).toHaveLength(1)
})

test('the later dialect: owners come from run_as, and the errors stay', () => {
  const inspection = inspectTemplate(manifest({ variables: '  - {name: k, annotations: {meshagent.secret.id: k}}\n', environment: '    - {name: K, secret: {id: k}}', rest: '  run_as: {email: a@example.com}' }))
  expect(inspection.ok).toBe(false)
  expect(inspection.secrets).toEqual({ writes: [{ id: 'k', identity: 'a@example.com', variable: 'k', name: 'k', type: 'application/octet-stream' }], reads: [{ id: 'k', identity: 'a@example.com', env: 'K' }] })
  expect(inspection.warnings.map((warning) => warning.code)).not.toContain('foreign-secret')
})

test('messages never hold a value', () => {
  const text = manifest({ variables: secret('key', '"{{ unused }}"', '"{{ unused }}"'), environment: '    - {name: "{{ unused }}", secret: {identity: "{{ unused }}", id: "x{{ unused }}"}}\n    - {name: "{{ unused }}", token: {identity: "{{ unused }}2", api: {admin: {}}}}', rest: 'ports: [{num: "{{ unused }}", "{{ unused }}": 1}]' })
  const { errors, warnings, install } = inspectTemplate(text, { values: { unused: 'CANARY\u200b' } })
  expect(warnings.length).toBeGreaterThan(3)
  expect(errors.length).toBeGreaterThan(1)
  expect(JSON.stringify([errors, warnings, install])).not.toContain('CANARY')
})

test('what has no name is an error, not a duplicate of something else without one', () => {
  const { errors, warnings } = inspectTemplate(manifest({ variables: '  - title: a\n  - title: b\n', environment: '    - {value: a}\n    - {value: b}' }))
  expect(errors.map((error) => error.code)).toEqual(['field-missing', 'field-missing', 'field-missing', 'field-missing'])
  expect(warnings.map((warning) => warning.code).filter((code) => code.startsWith('duplicate'))).toEqual([])
})
