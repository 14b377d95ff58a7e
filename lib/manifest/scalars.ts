import { z } from 'zod'
import { Printed } from './yaml/construct'

/** The text of a scalar, printed values included. */
export const spoken = (value: unknown): unknown => (value instanceof Printed ? value.text : value)

/**
 * Text. Numbers, booleans, dates and nulls are not taken as text: the reference refuses `name: 5`, too.
 * While a document is read, text with printed values is a `Printed`, which `fill` turns into a string.
 */
export const Text = z.custom<string>((value) => typeof value === 'string' || value instanceof Printed, 'must be text; quote it if it looks like a number, a date or a yes / no')

const TRUE_WORDS = new Set(['1', 'on', 't', 'true', 'y', 'yes'])
const FALSE_WORDS = new Set(['0', 'off', 'f', 'false', 'n', 'no'])

/** A boolean with the words and numbers that pydantic takes for one. Null is none. */
export const Flag = z.unknown().transform((given, context): boolean => {
  const value = spoken(given)
  if (typeof value === 'boolean') return value
  if (value === 1) return true
  if (value === 0) return false
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  if (TRUE_WORDS.has(word)) return true
  if (FALSE_WORDS.has(word)) return false
  context.issues.push({ code: 'custom', input: given, message: 'must be true or false' })
  return z.NEVER
})

/** Text that pydantic reads as an integer: digits, single underscores between them, a sign, `.0`, blanks around. */
const INTEGER = /^[+-]?[0-9]+(?:_[0-9]+)*(?:\.0*)?$/

/** A whole number above zero, from a number or from text, as pydantic takes it. */
export const Positive = z.unknown().transform((given, context): number => {
  const value = spoken(given)
  const text = typeof value === 'string' ? value.trim() : ''
  const number = typeof value === 'number' ? value : value === true ? 1 : INTEGER.test(text) ? Number(text.replaceAll('_', '')) : NaN
  if (Number.isSafeInteger(number) && number > 0) return number
  context.issues.push({ code: 'custom', input: given, message: 'must be a whole number above 0' })
  return z.NEVER
})

/** One of a list of words. */
export const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  z.unknown().transform((given, context): Words[number] => {
    const found = words.find((word) => word === spoken(given))
    if (found !== undefined) return found
    context.issues.push({ code: 'custom', input: given, message: words.length === 1 ? `must be ${words.join()}` : `must be one of ${words.join(', ')}` })
    return z.NEVER
  })

export const isBlank = (value: unknown): boolean => String(spoken(value)).trim() === ''

/** A mapping of the document; dates and printed texts are objects, too, but none. */
export const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype

/** A mapping from text to text with free keys. Keys such as `__proto__` are keys like any other. */
export const TextMap = z.unknown().transform((given, context): Record<string, string> => {
  if (!isMapping(given)) {
    context.issues.push({ code: 'custom', input: given, message: 'must be a mapping from text to text' })
    return z.NEVER
  }
  const entries: [string, string][] = []
  for (const [key, value] of Object.entries(given)) {
    const text = Text.safeParse(value)
    if (text.success) entries.push([key, text.data])
    else context.issues.push({ code: 'custom', input: value, path: [key], message: text.error.issues[0]?.message ?? 'must be text' })
  }
  return Object.fromEntries(entries)
})

/** Any mapping, kept as it is. */
export const FreeMap = z.custom<Record<string, unknown>>(isMapping, 'must be a mapping')

/** A field that may be absent or null. */
export const optional = <S extends z.ZodType>(schema: S) => schema.nullish()
