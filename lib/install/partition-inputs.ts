import type { FieldInput } from './install-request'
import type { Field } from './views'

/** What an earlier install of the same service keeps: plain values, and the names of what it keeps sealed. */
export interface StoredInputs {
  plain: Readonly<Record<string, string>>
  obscured: ReadonlySet<string>
  secrets: ReadonlySet<string>
}

export const nothingStored: StoredInputs = { plain: {}, obscured: new Set(), secrets: new Set() }

/**
 * Every input in its road. `obscure` is how a field looks; a secret's id is where its value goes, whatever it looks like.
 */
export interface Partition {
  plain: Record<string, string>
  obscured: { set: Record<string, string>; keep: readonly string[] }
  secrets: { set: readonly { field: Field; value: string }[]; keep: readonly string[]; clear: readonly Field[] }
}

type Outcome = { action: 'set'; value: string } | { action: 'keep' } | { action: 'none' }

/** Blank means keep where something is kept; plain fields show what they hold, so an emptied one is empty. */
function outcome(input: FieldInput | undefined, shown: boolean, kept: boolean): Outcome {
  if (input?.action === 'set' && input.value !== '') return input
  if (input?.action === 'clear' || (input?.action === 'set' && shown)) return { action: 'none' }
  return kept ? { action: 'keep' } : { action: 'none' }
}

/**
 * Parts inputs that `inputsSchema` has passed. Values are kept to the letter, and each comes out in exactly one place.
 */
export function partitionInputs(fields: readonly Field[], inputs: Readonly<Record<string, FieldInput>>, stored: StoredInputs): Partition {
  const parts = {
    plain: {} as Record<string, string>,
    obscured: { set: {} as Record<string, string>, keep: [] as string[] },
    secrets: { set: [] as { field: Field; value: string }[], keep: [] as string[], clear: [] as Field[] },
  }
  for (const field of fields) {
    const input = Object.hasOwn(inputs, field.name) ? inputs[field.name] : undefined
    if (field.secret) {
      const kept = stored.secrets.has(field.name)
      const result = outcome(input, false, kept)
      if (result.action === 'set') parts.secrets.set.push({ field, value: result.value })
      else if (result.action === 'keep') parts.secrets.keep.push(field.name)
      else if (kept) parts.secrets.clear.push(field)
    } else if (field.obscured) {
      const result = outcome(input, false, stored.obscured.has(field.name))
      if (result.action === 'set') parts.obscured.set[field.name] = result.value
      else if (result.action === 'keep') parts.obscured.keep.push(field.name)
    } else {
      const before = Object.hasOwn(stored.plain, field.name) ? stored.plain[field.name] : undefined
      const result = outcome(input, true, before !== undefined)
      if (result.action === 'set') parts.plain[field.name] = result.value
      else if (result.action === 'keep' && before !== undefined) parts.plain[field.name] = before
    }
  }
  return parts
}
