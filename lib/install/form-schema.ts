import * as z from 'zod/mini'
import type { FieldInput } from './install-request'
import type { Field } from './views'

/** What one field of the form holds while it is filled in. `domain` serves routes only. */
export interface FieldDraft {
  text: string
  domain: string
  /** The person asked for the stored value to be removed. */
  clear: boolean
}

export interface FormOptions {
  /** Names of variables whose obscured or secret value is stored already: blank means keep. */
  existing: readonly string[]
  /** Domains that a route may lie under; none: the full host name is asked for. */
  routeDomains: readonly string[]
}

/** Far above any key or certificate; the same bound as in an `InstallRequest`. */
export const VALUE_LIMIT = 1024 * 1024

/** The form's own key for a field. Variable names may hold dots and brackets, which form libraries read as paths. */
export const fieldKey = (index: number): string => `f${index}`

/** Whether a value is never shown again once it is stored. */
export const isProtected = (field: Field): boolean => field.obscured || field.secret !== null

const HOST_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostName = new RegExp(`^${HOST_LABEL}(?:\\.${HOST_LABEL})*$`)
/** One @ with something on both sides and no spaces. Whether the address exists only the mail can tell. */
const address = /^[^\s@<>",;]+@[^\s@<>",;.]+(?:\.[^\s@<>",;.]+)*$/

function routeProblem(value: string, domains: readonly string[]): string | null {
  if (domains.length === 0) {
    return value.length <= 253 && value.includes('.') && hostName.test(value) ? null : 'Enter a full host name in small letters, such as app.example.com.'
  }
  const domain = domains.find((candidate) => value.endsWith(`.${candidate}`))
  if (domain === undefined) return `Choose a name under ${domains.join(' or ')}.`
  const name = value.slice(0, -domain.length - 1)
  return value.length <= 253 && hostName.test(name) ? null : 'Use small letters, digits and dashes; begin and end with a letter or a digit.'
}

/**
 * What is wrong with one input, as a sentence for the person who fills in the form, or null. Never holds the value.
 * Nothing is trimmed: a space is a value.
 */
export function fieldProblem(field: Field, input: FieldInput, options: FormOptions): string | null {
  const stored = isProtected(field) && options.existing.includes(field.name)
  if (input.action === 'keep') return field.optional || stored ? null : `${field.label} is required.`
  if (input.action === 'clear' || input.value === '') return field.optional ? null : `${field.label} is required.`
  if (input.value.length > VALUE_LIMIT) return `${field.label} is too long: at most ${VALUE_LIMIT.toLocaleString('en')} characters fit.`
  switch (field.kind) {
    case 'enum':
      return field.options.includes(input.value) ? null : `Choose one of the listed values for ${field.label}.`
    case 'email':
      return address.test(input.value) ? null : 'Enter an e-mail address, such as name@example.com.'
    case 'route':
      return routeProblem(input.value, options.routeDomains)
    case 'text':
      return null
  }
}

/**
 * What a draft asks for. A blank protected field keeps whatever is stored, so that leaving it empty never
 * overwrites a good secret; a blank plain field is empty, because its present value stood in the form.
 */
export function toInput(field: Field, draft: FieldDraft, options: FormOptions): FieldInput {
  if (draft.clear) return { action: 'clear' }
  if (draft.text === '') return { action: isProtected(field) ? 'keep' : 'clear' }
  const underDomain = field.kind === 'route' && options.routeDomains.length > 0
  return { action: 'set', value: underDomain ? `${draft.text}.${draft.domain}` : draft.text }
}

/** The draft that a field starts from. `value` is its present plain value, if it has one. */
export function firstDraft(field: Field, value: string | undefined, options: FormOptions): FieldDraft {
  const blank = { text: '', domain: options.routeDomains[0] ?? '', clear: false }
  if (value === undefined || isProtected(field)) return blank
  if (field.kind !== 'route' || options.routeDomains.length === 0) return { ...blank, text: value }
  const domain = options.routeDomains.find((candidate) => value.endsWith(`.${candidate}`))
  return domain === undefined ? blank : { ...blank, text: value.slice(0, -domain.length - 1), domain }
}

const Draft = z.object({ text: z.string(), domain: z.string(), clear: z.boolean() })

/** The form as the browser holds it: drafts by `fieldKey`, checked, and turned into inputs by variable name. */
export function formSchema(fields: readonly Field[], options: FormOptions) {
  const drafts = z.object(Object.fromEntries(fields.map((_, index) => [fieldKey(index), Draft])))
  const checked = drafts.check((context) => {
    fields.forEach((field, index) => {
      const draft = context.value[fieldKey(index)]
      const problem = draft ? fieldProblem(field, toInput(field, draft, options), options) : null
      if (problem !== null) context.issues.push({ code: 'custom', message: problem, path: [fieldKey(index), 'text'], input: undefined })
    })
  })
  return z.pipe(
    checked,
    z.transform((values): Record<string, FieldInput> =>
      Object.fromEntries(
        fields.flatMap((field, index) => {
          const draft = values[fieldKey(index)]
          return draft ? [[field.name, toInput(field, draft, options)]] : []
        }),
      ),
    ),
  )
}

/** The same rules over what was sent. Issue paths are `[variable name]`; a declared variable that is absent counts as `keep`. */
export function inputsSchema(fields: readonly Field[], options: FormOptions) {
  return z.custom<Readonly<Record<string, FieldInput>>>((value) => typeof value === 'object' && value !== null).check((context) => {
    const inputs = new Map(Object.entries(context.value))
    for (const field of fields) {
      const problem = fieldProblem(field, inputs.get(field.name) ?? { action: 'keep' }, options)
      inputs.delete(field.name)
      if (problem !== null) context.issues.push({ code: 'custom', message: problem, path: [field.name], input: undefined })
    }
    for (const name of inputs.keys()) {
      context.issues.push({ code: 'custom', message: 'This template does not ask for this value.', path: [name], input: undefined })
    }
  })
}
