import type { FieldErrors } from '@/lib/errors'
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
  errors: FieldErrors
}

type Outcome = { action: 'set'; value: string } | { action: 'keep' } | { action: 'none' }

/** Blank means keep where something is kept; plain fields show what they hold, so an emptied one is empty. */
function outcome(input: FieldInput | undefined, shown: boolean, kept: boolean): Outcome {
  if (input?.action === 'set' && input.value !== '') return input
  if (input?.action === 'clear' || (input?.action === 'set' && shown)) return { action: 'none' }
  return kept ? { action: 'keep' } : { action: 'none' }
}

function wrong(field: Field, result: Outcome): string | null {
  if (result.action === 'none') return field.optional ? null : `${field.label} is required.`
  if (result.action === 'keep') return null
  if (result.value.includes('\0')) return `${field.label} must not contain NUL characters.`
  if (field.kind === 'enum' && !field.options.includes(result.value)) return `${field.label} must be one of the listed options.`
  return null
}

/**
 * Values are kept to the letter: nothing is trimmed, and each comes out in exactly one place.
 * @returns also an error for each field that cannot be taken, and for each input that the template does not ask for.
 */
export function partitionInputs(fields: readonly Field[], inputs: Readonly<Record<string, FieldInput>>, stored: StoredInputs): Partition {
  const given = new Map(Object.entries(inputs))
  const errors: Record<string, string> = {}
  const plain: Record<string, string> = {}
  const obscured: Record<string, string> = {}
  const keptObscured: string[] = []
  const secrets: { field: Field; value: string }[] = []
  const keptSecrets: string[] = []
  const cleared: Field[] = []
  for (const field of fields) {
    const input = given.get(field.name)
    given.delete(field.name)
    const shown = !field.obscured
    const kept = field.secret ? stored.secrets.has(field.name) : shown ? Object.hasOwn(stored.plain, field.name) : stored.obscured.has(field.name)
    const result = outcome(input, shown, kept)
    const error = wrong(field, result)
    if (error !== null) errors[field.name] = error
    else if (result.action === 'none') {
      if (field.secret && kept) cleared.push(field)
    } else if (field.secret) {
      if (result.action === 'set') secrets.push({ field, value: result.value })
      else keptSecrets.push(field.name)
    } else if (shown) {
      plain[field.name] = result.action === 'set' ? result.value : (stored.plain[field.name] ?? '')
    } else if (result.action === 'set') obscured[field.name] = result.value
    else keptObscured.push(field.name)
  }
  for (const name of given.keys()) errors[name] = 'The template does not ask for this input.'
  return {
    plain,
    obscured: { set: obscured, keep: keptObscured },
    secrets: { set: secrets, keep: keptSecrets, clear: cleared },
    errors,
  }
}
