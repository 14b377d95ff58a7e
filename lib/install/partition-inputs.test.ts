import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldInput } from './install-request'
import { nothingStored, partitionInputs, type StoredInputs } from './partition-inputs'
import type { Field } from './views'

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name, label: name, help: null, optional: true, kind: 'text', options: [], obscured: false, secret: null, ...more,
})
const plain = field('plain')
const obscured = field('obscured', { obscured: true })
const secret = field('secret', { obscured: true, secret: { id: 'api-key', owner: 'agent' } })
const shownSecret = field('shown-secret', { obscured: false, secret: { id: 'other', owner: 'agent' } })
const fields = [plain, obscured, secret, shownSecret]

const set = (value: string): FieldInput => ({ action: 'set', value })
const stored: StoredInputs = { plain: { plain: 'before' }, obscured: new Set(['obscured']), secrets: new Set(['secret']) }

describe('partitionInputs', () => {
  it('sends each value down one road only, to the letter', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 4, maxLength: 4 }), (values) => {
        const [a = '', b = '', c = '', d = ''] = values
        const parts = partitionInputs(fields, { plain: set(a), obscured: set(b), secret: set(c), 'shown-secret': set(d) }, nothingStored)
        expect(parts.plain).toEqual({ plain: a })
        expect(parts.obscured.set).toEqual({ obscured: b })
        expect(parts.secrets.set.map(({ value }) => value)).toEqual([c, d])
      }),
    )
  })

  it('lets the secret annotation decide, not the look of the field', () => {
    const parts = partitionInputs(fields, { 'shown-secret': set('x') }, nothingStored)
    expect(parts.secrets.set).toEqual([{ field: shownSecret, value: 'x' }])
    expect(parts.plain).toEqual({})
  })

  it('keeps what is stored when a protected field is left blank', () => {
    for (const blank of [undefined, { action: 'keep' } as const, set('')]) {
      const inputs = blank ? { obscured: blank, secret: blank } : {}
      const parts = partitionInputs(fields, inputs, stored)
      expect(parts.obscured).toEqual({ set: {}, keep: ['obscured'] })
      expect(parts.secrets).toEqual({ set: [], keep: ['secret'], clear: [] })
    }
  })

  it('stores nothing for a blank secret that was never stored', () => {
    expect(partitionInputs(fields, { secret: set('') }, nothingStored).secrets).toEqual({ set: [], keep: [], clear: [] })
  })

  it('clears only when told to', () => {
    const parts = partitionInputs(fields, { secret: { action: 'clear' }, obscured: { action: 'clear' } }, stored)
    expect(parts.secrets.clear).toEqual([secret])
    expect(parts.obscured).toEqual({ set: {}, keep: [] })
  })

  it('takes an emptied plain field as empty, and an untouched one as it was', () => {
    expect(partitionInputs(fields, { plain: set('') }, stored).plain).toEqual({})
    expect(partitionInputs(fields, {}, stored).plain).toEqual({ plain: 'before' })
  })

  it('reads no inputs from the prototype chain', () => {
    const odd = field('constructor')
    expect(partitionInputs([odd], {}, nothingStored).plain).toEqual({})
  })
})
