import type { z } from 'zod'
import { AppError } from '@/lib/errors'

/**
 * What a verb was given, in the form that its schema asks for.
 * @throws AppError invalid, with one message for each field that is wrong and no value of any
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues) fields[issue.path.join('.')] ??= issue.message
  throw new AppError('invalid', 'Some fields need another look.', { fields })
}
