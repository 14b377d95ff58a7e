import { parseArgs } from 'node:util'

export interface TemplateOptions {
  readonly verb: 'check' | 'render'
  /** Paths relative to the caller's directory; `-` is standard input. */
  readonly files: readonly string[]
  readonly values: string | null
  readonly reveal: boolean
  readonly json: boolean
}

/** The options of `template check` and `template render`; a sentence if they are wrong. */
export function parseOptions(verb: 'check' | 'render', args: readonly string[]): TemplateOptions | string {
  let parsed
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean' }, values: { type: 'string', multiple: true }, reveal: { type: 'boolean' } } })
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ')[0] ?? error.message).replace(/\.?$/, '.') : 'The options are wrong.'
  }
  const { positionals: files } = parsed
  const { json, values, reveal } = parsed.values
  if (verb === 'check' && (values !== undefined || reveal !== undefined)) return '--values and --reveal belong to render.'
  if (files.length === 0) return 'Name a file, or - for standard input.'
  if (verb === 'render' && files.length > 1) return 'render takes one file.'
  if (values && values.length > 1) return '--values can be given once.'
  const [valuesFile = null] = values ?? []
  if ([...files, valuesFile].filter((file) => file === '-').length > 1) return 'Standard input can be read only once.'
  return { verb, files, values: valuesFile, reveal: reveal ?? false, json: json ?? false }
}
