import { describe, expect, it } from 'vitest'
import { fieldKey, firstDraft, formSchema, inputsSchema, VALUE_LIMIT, type FieldDraft, type FormOptions } from './form-schema'
import type { FieldInput } from './install-request'
import type { Field } from './views'

const field = (change: Partial<Field>): Field => ({
  name: 'v', label: 'V', help: null, optional: false, kind: 'text', options: [], obscured: false, secret: null, ...change,
})
const token = { secret: { id: 'service-api-token', owner: 'support-agent' } }
const fresh: FormOptions = { existing: [], routeDomains: [] }

function outcome(fields: Field[], drafts: Partial<FieldDraft>[], options: FormOptions = fresh) {
  const values = Object.fromEntries(drafts.map((draft, index) => [fieldKey(index), { text: '', domain: options.routeDomains[0] ?? '', clear: false, ...draft }]))
  const parsed = formSchema(fields, options).safeParse(values)
  return parsed.success ? parsed.data : parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message])
}
const problems = (fields: Field[], inputs: Record<string, FieldInput>, options: FormOptions = fresh) =>
  inputsSchema(fields, options).safeParse(inputs).error?.issues.map((issue) => issue.path[0]) ?? []

describe('what a form turns into', () => {
  it('keeps every character: spaces at the ends, line breaks, nothing but spaces', () => {
    const key = '  -----BEGIN KEY-----\nabc\n-----END KEY-----\n '
    expect(outcome([field({})], [{ text: key }])).toEqual({ v: { action: 'set', value: key } })
    expect(outcome([field({})], [{ text: '   ' }])).toEqual({ v: { action: 'set', value: '   ' } })
  })

  it('addresses fields by place, so that any variable name works', () => {
    const names = ['a.b[0]', '__proto__', 'constructor', 'a b']
    const parsed = outcome(names.map((name) => field({ name })), names.map((text) => ({ text })))
    expect(Object.entries(parsed)).toEqual(names.map((name) => [name, { action: 'set', value: name }]))
  })

  it('never writes an empty secret: blank keeps, and only an explicit wish clears', () => {
    const secret = field({ ...token, optional: true })
    expect(outcome([secret], [{}])).toEqual({ v: { action: 'keep' } })
    expect(outcome([secret], [{ text: 'x', clear: true }])).toEqual({ v: { action: 'clear' } })
    expect(outcome([field({ ...token })], [{}], { ...fresh, existing: ['v'] })).toEqual({ v: { action: 'keep' } })
    expect(outcome([field({ obscured: true, optional: true })], [{}])).toEqual({ v: { action: 'keep' } })
  })

  it('empties a plain field that was emptied', () => {
    expect(outcome([field({ optional: true })], [{}], { ...fresh, existing: ['v'] })).toEqual({ v: { action: 'clear' } })
  })

  it('refuses blank required fields, each at its own place, with its label', () => {
    expect(outcome([field({ name: 'a', label: 'Channel' }), field({ name: 'b', label: 'Token', ...token })], [{}, {}])).toEqual([
      ['f0.text', 'Channel is required.'],
      ['f1.text', 'Token is required.'],
    ])
  })

  it('refuses to clear what is required, and to keep what was never stored', () => {
    const secret = field({ ...token })
    expect(outcome([secret], [{ clear: true }], { ...fresh, existing: ['v'] })).toEqual([['f0.text', 'V is required.']])
    expect(problems([secret], { v: { action: 'keep' } })).toEqual(['v'])
    expect(problems([field({})], { v: { action: 'keep' } }, { ...fresh, existing: ['v'] })).toEqual(['v'])
  })

  it('lets an optional choice stay empty and refuses what is not listed', () => {
    const choice = field({ kind: 'enum', options: ['eu', 'us'] })
    expect(outcome([{ ...choice, optional: true }], [{}])).toEqual({ v: { action: 'clear' } })
    expect(outcome([choice], [{}])).toEqual([['f0.text', 'V is required.']])
    expect(outcome([choice], [{ text: 'eu' }])).toEqual({ v: { action: 'set', value: 'eu' } })
    expect(outcome([choice], [{ text: 'EU' }])).toEqual([['f0.text', 'Choose one of the listed values for V.']])
  })

  it.each(['name@example.com', 'a+b.c@sub.example.co', "o'brien@example.com", 'josé@exämple.com', 'me@localhost'])('takes the address %s', (text) => {
    expect(outcome([field({ kind: 'email' })], [{ text }])).toEqual({ v: { action: 'set', value: text } })
  })
  it.each(['name', '@example.com', 'name@', 'a@b@c.com', 'a b@example.com', ' a@example.com', 'a@example.com\n', 'a@.com', 'a@example.', 'A <a@b.com>'])(
    'refuses %j as an address',
    (text) => expect(outcome([field({ kind: 'email' })], [{ text }])).toHaveLength(1),
  )

  it('builds a route from a name and the chosen domain', () => {
    const options = { existing: [], routeDomains: ['apps.example.com', 'example.net'] }
    const route = field({ kind: 'route' })
    expect(outcome([route], [{ text: 'shop', domain: 'example.net' }], options)).toEqual({ v: { action: 'set', value: 'shop.example.net' } })
    for (const text of ['Shop', '-a', 'a-', 'a..b', 'a_b', 'a b', 'x'.repeat(64)]) expect(outcome([route], [{ text }], options)).toHaveLength(1)
    expect(outcome([route], [{ text: 'shop', domain: 'evil.example' }], options)).toHaveLength(1)
    expect(outcome([{ ...route, optional: true }], [{}], options)).toEqual({ v: { action: 'clear' } })
  })

  it('asks for a full host name where no domain is configured', () => {
    const route = field({ kind: 'route' })
    expect(outcome([route], [{ text: 'shop.example.com' }])).toEqual({ v: { action: 'set', value: 'shop.example.com' } })
    for (const text of ['shop', 'https://shop.example.com', 'shop.example.com/', '.example.com']) expect(outcome([route], [{ text }])).toHaveLength(1)
  })

  it('refuses a value above the bound without repeating it', () => {
    const message = JSON.stringify(outcome([field({})], [{ text: 'q'.repeat(VALUE_LIMIT + 1) }]))
    expect(message).toContain('too long')
    expect(message).not.toContain('qq')
  })
})

describe('what a form starts from', () => {
  const options = { existing: [], routeDomains: ['example.net', 'apps.example.com'] }
  it('shows plain values again, with the domain of a route chosen', () => {
    expect(firstDraft(field({}), ' a ', options).text).toBe(' a ')
    expect(firstDraft(field({ kind: 'route' }), 'shop.apps.example.com', options)).toMatchObject({ text: 'shop', domain: 'apps.example.com' })
  })
  it('never fills in a protected field', () => {
    expect(firstDraft(field({ obscured: true }), 'x', options).text).toBe('')
    expect(firstDraft(field({ ...token }), 'x', options).text).toBe('')
  })
  it('preselects nothing in a choice', () => {
    expect(firstDraft(field({ kind: 'enum', options: ['eu'] }), undefined, options).text).toBe('')
  })
})

describe('what a server accepts', () => {
  it('holds sent inputs to the same rules, by variable name', () => {
    expect(problems([field({ kind: 'email' })], { v: { action: 'set', value: 'no' } })).toEqual(['v'])
    expect(problems([field({ kind: 'email' })], { v: { action: 'set', value: 'a@b.co' } })).toEqual([])
    expect(problems([field({})], {})).toEqual(['v'])
    expect(problems([field({ optional: true })], {})).toEqual([])
  })
  it('refuses a value that the template does not ask for', () => {
    expect(problems([], { other: { action: 'set', value: 'x' } })).toEqual(['other'])
  })
})
