import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from './main'
import { type Run, runBin } from './run-bin'

let folder = ''
beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'latchkey-cli-')), 'with space')
  await mkdir(folder)
  await writeFile(path.join(folder, 'desk.yaml'), desk)
  await writeFile(path.join(folder, 'broken.yaml'), 'version: v1\nkind: ServiceTemplate\nmetadata: {name: n, colour: red}\n')
})
afterAll(() => rm(path.dirname(folder), { recursive: true, force: true }))

const desk = `version: v1
kind: ServiceTemplate
metadata:
  name: desk
  annotations:
    meshagent.service.id: example.desk
variables:
  - name: greeting
  - name: port
  - name: size
    enum: [small, large]
    optional: true
  - name: mail
    type: email
    optional: true
  - name: site
    type: route
    optional: true
    annotations: {meshagent.route.port: "8080"}
  - name: pin
    obscure: true
    optional: true
  - name: api_key
    optional: true
    annotations: {meshagent.secret.id: key, meshagent.secret.identity: desk, meshagent.secret.type: text/plain}
container:
  image: example.test/desk:1
  command: serve {{ greeting }} --pin={{ pin }} --key={{ api_key }} --short={{ api_key[:4] if api_key }} --up={{ pin | upper }}
  environment:
    - {name: T, token: {identity: desk}}
    - {name: KEY, secret: {identity: desk, id: key}}
ports: [{num: "{{ port | default('80') }}"}]
`

/** The same command in this process; starting a program for each case would take minutes. */
async function run(...args: string[]): Promise<Run> {
  let out = ''
  let err = ''
  const status = await main(args, { out: (text) => void (out += text), err: (text) => void (err += text), colours: false })
  return { status, out, err }
}

type Line = Record<string, unknown> & { errors: { code: string; message: string; line: number }[] }
const lines = (out: string): Line[] => {
  expect(out.endsWith('\n')).toBe(true)
  return out.slice(0, -1).split('\n').map((line) => JSON.parse(line) as Line)
}

test('check --json prints one line for each file, with exactly these keys', async () => {
  const run = await runBin(['template', 'check', 'desk.yaml', 'broken.yaml', 'missing.yaml', '--json'], { cwd: folder })
  expect(run.status).toBe(1)
  expect(run.err).toBe('')
  const [first, second, third, ...rest] = lines(run.out)
  expect(rest).toEqual([])
  expect(Object.keys(first ?? {}).sort()).toEqual(['errors', 'file', 'install', 'kind', 'ok', 'routes', 'secrets', 'spec', 'stored', 'unsupported', 'variables', 'warnings'])
  expect(first).toMatchObject({
    file: 'desk.yaml',
    ok: true,
    errors: [],
    install: [],
    secrets: { writes: [{ id: 'key', identity: 'desk', variable: 'api_key', name: 'key', type: 'text/plain' }], reads: [{ id: 'key', identity: 'desk', env: 'KEY' }] },
    routes: [{ domain: '', port: '8080' }],
    spec: { kind: 'Service', container: { command: 'serve  --pin= --key= --short= --up=' }, ports: [{ num: 80 }] },
  })
  expect((first?.['warnings'] as { code: string }[]).map((warning) => warning.code)).toEqual(['secret-leak'])
  expect(second).toMatchObject({ file: 'broken.yaml', ok: false, stored: null, spec: null, errors: [{ code: 'field-unknown', path: 'metadata.colour', line: 3, column: 21 }] })
  expect(third).toMatchObject({ file: 'missing.yaml', ok: false, errors: [{ code: 'file-unreadable' }] })
})

test('check for people names file, line and column, and what is stored for whom', async () => {
  const run = await runBin(['template', 'check', 'desk.yaml', 'broken.yaml'], { cwd: folder })
  expect(run.status).toBe(1)
  expect(run.out).toContain('broken.yaml:3:21: error: colour is not a field of metadata')
  expect(run.out).toContain('stores api_key as the secret "key" of "desk"')
  expect(run.out).not.toContain('\u001b')
})

test.each<[string, Uint8Array | string, string]>([
  ['UTF-16', Buffer.from('\ufeffversion: v1', 'utf16le'), 'file-encoding'],
  ['a NUL', 'a: \0', 'file-encoding'],
  ['broken UTF-8', Uint8Array.from([0x61, 0xff, 0xfe, 0x0a]), 'file-encoding'],
  ['more than 1 MiB', 'a'.repeat(1024 * 1024 + 1), 'file-too-large'],
  ['nothing', '', 'field-invalid'],
  ['two documents', 'a: 1\n---\nb: 2', 'yaml-syntax'],
  ['a list', '- a', 'field-invalid'],
  ['endless nesting', '['.repeat(1_000_000), 'yaml-limit'],
  ['an endless loop', '{% for a in range(1000000) %}{% for b in range(1000000) %}x{% endfor %}{% endfor %}', 'jinja-limit'],
])('a file with %s is refused in JSON', async (_, content, code) => {
  const file = path.join(folder, 'bad.yaml')
  await writeFile(file, content)
  const { status, out } = await run('template', 'check', file, '--json')
  expect(status).toBe(1)
  expect(lines(out)).toMatchObject([{ file, ok: false, errors: [{ code }] }])
})

test('a directory is refused', async () => {
  expect(lines((await run('template', 'check', folder, '--json')).out)).toMatchObject([{ ok: false, errors: [{ code: 'file-unreadable', message: 'The file cannot be read: it is a directory.' }] }])
})

test('standard input is read as -; a UTF-8 byte order mark is no harm; too much of it is refused', async () => {
  const [fine, endless] = await Promise.all([
    runBin(['template', 'check', '-', '--json'], { input: `\ufeff${desk}` }),
    runBin(['template', 'check', '-', '--json'], { input: 'a'.repeat(4 * 1024 * 1024) }),
  ])
  expect(lines(fine.out)).toMatchObject([{ file: '-', ok: true }])
  expect(lines(endless.out)).toMatchObject([{ file: '-', ok: false, errors: [{ code: 'file-too-large' }] }])
})

const render = async (values: string): Promise<Line> => {
  await writeFile(path.join(folder, 'values.yaml'), values)
  const { status, out } = await run('template', 'render', path.join(folder, 'desk.yaml'), '--values', path.join(folder, 'values.yaml'), '--json')
  const [line] = lines(out)
  if (!line) throw new Error('There is no line.')
  expect(status).toBe(line['ok'] === true ? 0 : 1)
  return line
}

test('values that are no text in YAML count as they are written', async () => {
  expect(await render('greeting: yes\nport: 0080\nsize: large\nmail: a@example.com')).toMatchObject({ ok: true, install: [], spec: { container: { command: 'serve yes --pin= --key= --short= --up=' }, ports: [{ num: 80 }] }, stored: { inputs: { greeting: 'yes', port: '0080', size: 'large', mail: 'a@example.com' } } })
})

test('values that an installation would not take are told, and rendered all the same', async () => {
  const line = await render('size: medium\nmail: nobody\nport: 80')
  expect(line).toMatchObject({ ok: true, install: [{ code: 'value-required' }, { code: 'value-refused' }, { code: 'value-refused' }] })
  expect(JSON.stringify(line['install'])).not.toMatch(/medium|nobody/)
})

test.each([
  ['greeting: [x]', /values\.yaml:1:11: .*must be text/],
  ['greeting: a\ngreeting: b', /values\.yaml:2:1: .*two values/],
  ['- x', /must be a mapping/],
  ['a: b: c', /values\.yaml:1:5/],
])('a values file with %j is refused', async (values, message) => {
  const line = await render(values)
  expect(line.ok).toBe(false)
  expect(line.errors).toMatchObject([{ code: 'values-file' }])
  expect(line.errors[0]?.message).toMatch(message)
})

test('a value that nothing asks for is told, and renders nothing', async () => {
  const line = await render('greetign: x')
  expect(line.ok).toBe(true)
  expect(line['install']).toContainEqual(expect.objectContaining({ code: 'values-file', message: expect.stringMatching(/values\.yaml:1:1: greetign is not a variable/) as string }))
})

test('a value that a field cannot take is refused by its variable', async () => {
  expect(await render('port: many')).toMatchObject({ ok: false, errors: [{ code: 'value-refused', path: 'ports.0.num' }] })
})

const encodings = (canary: string): string[] => {
  const bytes = Buffer.from(canary)
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -1))
  return [canary, canary.toUpperCase(), canary.slice(0, 12), ...base64, bytes.toString('base64url').slice(0, 12), bytes.toString('hex'), encodeURIComponent(canary), [...canary].reverse().join('')]
}

test('no secret is ever printed, and an obscured value only with --reveal', async () => {
  const secret = 'canary-S3cret/äé+Q7x'
  const pin = 'canary-P1n/öü+Z9y'
  await writeFile(path.join(folder, 'hidden.yaml'), `greeting: hello\nport: "80"\napi_key: ${secret}\npin: ${pin}\n`)
  for (const json of [[], ['--json']]) {
    for (const reveal of [[], ['--reveal']]) {
      const run = await runBin(['template', 'render', 'desk.yaml', '--values', 'hidden.yaml', ...json, ...reveal], { cwd: folder })
      expect(run.status).toBe(0)
      const printed = run.out + run.err
      for (const form of encodings(secret)) expect(printed).not.toContain(form)
      expect(run.out.includes(`--pin=${pin}`)).toBe(reveal.length > 0)
      if (reveal.length === 0) for (const form of encodings(pin)) expect(printed).not.toContain(form)
      if (json.length > 0) expect(JSON.stringify(lines(run.out)[0]?.['stored'])).not.toContain(pin.slice(0, 8))
    }
  }
})

test.each([
  [[]], [['tempalte']], [['template']], [['template', 'chekc']], [['template', 'check']], [['template', 'check', '--colour', 'x']], [['template', 'render']], [['template', 'render', 'a', 'b']],
  [['template', 'check', 'a', '--values', 'b']], [['template', 'check', '-', '-']], [['template', 'render', '-', '--values', '-']], [['template', 'render', 'a', '--values']],
])('wrong usage %j: status 2, help on stderr, nothing on stdout', async (args) => {
  const { status, out, err } = await run(...args)
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toContain('Usage:')
})

test('--help goes to stdout', async () => {
  const { status, out, err } = await run('template', 'check', '--help')
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toContain('latchkey template render FILE')
})

test('what a template says cannot steer the terminal', async () => {
  const file = path.join(folder, 'terminal.yaml')
  await writeFile(file, 'version: v1\nkind: ServiceTemplate\nmetadata: {name: "\\e]0;x\\a\\u202e"}\nvariables: [{name: "a\\e[2J"}]\n')
  const { out } = await run('template', 'check', file)
  expect(out).toContain('u{1b}')
  expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/)
})

test('npx latchkey works in a checkout', async () => {
  const { status, out } = await runBin(['template', '--help'], { command: ['npx', '--no-install', 'latchkey'] })
  expect(status).toBe(0)
  expect(out).toContain('Usage:')
})
