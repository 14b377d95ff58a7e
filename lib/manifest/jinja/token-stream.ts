import type { JinjaError } from './errors'
import type { Token, TokenType } from './lexer'
import type { Source } from './source'

const DESCRIPTIONS: Readonly<Partial<Record<TokenType, string>>> = {
  data: 'template data / text',
  variable_begin: 'begin of print statement',
  variable_end: 'end of print statement',
  block_begin: 'begin of statement block',
  block_end: 'end of statement block',
  eof: 'end of template',
}

export const describe = (token: Token): string =>
  DESCRIPTIONS[token.type] ?? (token.type === 'name' || token.type === 'operator' ? token.text : token.type)

/** The parser's view of the tokens: one current, one ahead, and a count of how deep it is nested. */
export interface TokenStream {
  readonly current: Token
  /** The names read so far, in order. */
  readonly names: readonly string[]
  next(): Token
  look(): Token
  is(type: TokenType, text?: string): boolean
  /** Steps over the token if it is this one. */
  skip(type: TokenType, text?: string): boolean
  expect(type: TokenType, text?: string): Token
  fail(message: string, at?: number): never
  /** Runs `parse` one level deeper. */
  nested<Result>(parse: () => Result): Result
}

export function tokenStream(tokens: readonly Token[], source: Source, maxDepth: number): TokenStream {
  const end: Token = { type: 'eof', text: '', at: source.text.length }
  const names: string[] = []
  let index = 0
  let depth = 0

  const fail = (message: string, at: number): JinjaError => source.error('jinja-syntax', message, at)
  const tokenAt = (position: number): Token => {
    const token = tokens[position] ?? end
    if (token.type === 'failure') throw fail(token.text, token.at)
    return token
  }

  const stream: TokenStream = {
    get current() {
      return tokenAt(index)
    },
    names,
    next() {
      const token = tokenAt(index)
      if (token.type === 'name') names.push(token.text)
      index += 1
      return token
    },
    look: () => tokenAt(index + 1),
    is: (type, text) => {
      const token = tokenAt(index)
      return token.type === type && (text === undefined || token.text === text)
    },
    skip: (type, text) => {
      const found = stream.is(type, text)
      if (found) stream.next()
      return found
    },
    expect: (type, text) => {
      if (stream.is(type, text)) return stream.next()
      const wanted = text ?? describe({ type, text: type, at: 0 })
      const token = stream.current
      throw fail(
        token.type === 'eof' ? `unexpected end of template, expected '${wanted}'.` : `expected token '${wanted}', got '${describe(token)}'`,
        token.at,
      )
    },
    fail: (message, at) => {
      throw fail(message, at ?? stream.current.at)
    },
    nested: (parse) => {
      depth += 1
      if (depth > maxDepth) throw source.error('jinja-limit', 'The template is nested too deeply.', stream.current.at)
      const result = parse()
      depth -= 1
      return result
    },
  }
  return stream
}
