import type { Expression, ForNode, MacroNode, Parameter, Statement, Target } from './ast'
import { tokenize } from './lexer'
import {
  isReserved, parseExpression, parseFilter, parseOr, parsePrimary, parseTuple, type Complaint, type Grammar,
} from './parse-expression'
import type { Source } from './source'
import { tokenStream } from './token-stream'

export interface Vocabulary {
  readonly filters: { has(name: string): boolean }
  readonly tests: { has(name: string): boolean }
}

const LOADING_TAGS = new Set(['extends', 'include', 'import', 'from'])

/** Reads a template. Throws `JinjaError` (syntax, or limit when nested deeper than `maxDepth`). */
export function parseTemplate(source: Source, maxDepth: number, { filters, tests }: Vocabulary): Statement[] {
  const stream = tokenStream(tokenize(source.text), source, maxDepth)
  const complaints: Complaint[] = []
  const grammar: Grammar = { stream, filters, tests, complaints }
  const blockNames = new Set<string>()
  /** Tags that are open, and what may end the innermost ones: for error sentences. */
  const openTags: string[] = []
  const awaited: (readonly string[])[] = []

  function misplaced(name: string | null, at: number): never {
    const wanted = awaited.at(-1)?.map((end) => `'${end}'`).join(' or ')
    const sentences = [name === null ? 'Unexpected end of template.' : `Encountered unknown tag '${name}'.`]
    if (wanted !== undefined) {
      const nesting = name !== null && awaited.some((ends) => ends.includes(name))
      sentences.push(
        nesting
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
          : `Jinja was looking for the following tags: ${wanted}.`,
      )
    }
    const innermost = openTags.at(-1)
    if (innermost !== undefined) sentences.push(`The innermost block that needs to be closed is '${innermost}'.`)
    return stream.fail(sentences.join(' '), at)
  }

  /** Statements up to a tag named in `ends` (all of it read but its end), or to the end of the template without `ends`. */
  function parseBody(ends: readonly string[] | null): Statement[] {
    const statements: Statement[] = []
    while (!stream.is('eof')) {
      const { type, text, at } = stream.next()
      if (type === 'data') statements.push({ kind: 'text', text, at })
      else if (type === 'variable_begin') {
        statements.push({ kind: 'print', value: parseTuple(grammar), at })
        stream.expect('variable_end')
      } else {
        if (ends && stream.current.type === 'name' && ends.includes(stream.current.text)) return statements
        statements.push(...stream.nested(() => parseStatement(at)))
        stream.expect('block_end')
      }
    }
    if (ends) misplaced(null, stream.current.at)
    return statements
  }

  /** The body of a tag, from the end of its opening; the name that ended it is read too. */
  function parseBlock(...ends: string[]): { body: Statement[]; end: string } {
    stream.skip('operator', ':')
    stream.expect('block_end')
    awaited.push(ends)
    const body = parseBody(ends)
    awaited.pop()
    return { body, end: stream.next().text }
  }

  function parseStatement(at: number): Statement[] {
    if (stream.current.type !== 'name') stream.fail('tag name expected')
    const tag = stream.current.text
    const parse = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined
    if (LOADING_TAGS.has(tag)) stream.fail(`The tag '${tag}' needs other templates; a manifest stands alone.`)
    if (!parse) misplaced(tag, stream.current.at)
    openTags.push(tag)
    stream.next()
    const statements = parse(at)
    openTags.pop()
    return statements
  }

  const TAGS: Readonly<Record<string, (at: number) => Statement[]>> = {
    if(at) {
      const known = complaints.length
      const branches = []
      let end = 'elif'
      let otherwise: Statement[] = []
      while (end === 'elif') {
        const test = parseTuple(grammar, { parse: parseOr })
        const block = parseBlock('elif', 'else', 'endif')
        branches.push({ test, body: block.body })
        end = block.end
      }
      if (end === 'else') otherwise = parseBlock('endif').body
      complaints.length = known
      return [{ kind: 'if', branches, otherwise, at }]
    },
    for(at): [ForNode] {
      const target = parseTarget({ endsAtName: 'in' })
      stream.expect('name', 'in')
      const iterable = parseTuple(grammar, { parse: parseOr, endsAtName: 'recursive' })
      const condition = stream.skip('name', 'if') ? parseExpression(grammar) : null
      const recursive = stream.skip('name', 'recursive')
      const { body, end } = parseBlock('endfor', 'else')
      const otherwise = end === 'else' ? parseBlock('endfor').body : []
      return [{ kind: 'for', target, iterable, condition, recursive, body, otherwise, at }]
    },
    set(at) {
      const target = parseTarget({ fields: true })
      if (stream.skip('operator', '=')) return [{ kind: 'set', target, value: parseTuple(grammar), at }]
      let filter: Expression | null = null
      while (stream.skip('operator', '|')) filter = parseFilter(grammar, filter)
      return [{ kind: 'set-block', target, filter, body: parseBlock('endset').body, at }]
    },
    with(at) {
      const bindings: { target: Target; value: Expression }[] = []
      while (!stream.is('block_end')) {
        if (bindings.length > 0) stream.expect('operator', ',')
        const target = parseTarget({})
        stream.expect('operator', '=')
        bindings.push({ target, value: parseExpression(grammar) })
      }
      return [{ kind: 'with', bindings, body: parseBlock('endwith').body, at }]
    },
    autoescape(at) {
      const enabled = parseExpression(grammar)
      return [{ kind: 'autoescape', enabled, body: parseBlock('endautoescape').body, at }]
    },
    block(at) {
      const name = stream.expect('name').text
      stream.skip('name', 'scoped')
      const required = stream.skip('name', 'required')
      if (stream.is('operator', '-')) {
        stream.fail('Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.')
      }
      if (blockNames.has(name)) stream.fail(`block '${name}' defined twice`, at)
      if (required) stream.fail(`Required block '${name}' not found`, at)
      blockNames.add(name)
      const { body } = parseBlock('endblock')
      stream.skip('name', name)
      return [{ kind: 'block', body, at }]
    },
    macro(at): [MacroNode] {
      const name = parseName()
      return [parseMacro(name, parseSignature(), 'endmacro', at)]
    },
    call(at) {
      const parameters = stream.is('operator', '(') ? parseSignature() : []
      const call = parseExpression(grammar)
      if (call.kind !== 'call') return stream.fail('expected call', at)
      return [{ kind: 'call-block', call, macro: parseMacro('caller', parameters, 'endcall', at), at }]
    },
    filter(at) {
      let filter = parseFilter(grammar, null)
      while (stream.skip('operator', '|')) filter = parseFilter(grammar, filter)
      return [{ kind: 'filter-block', filter, body: parseBlock('endfilter').body, at }]
    },
    print(at) {
      const statements: Statement[] = []
      while (!stream.is('block_end')) {
        if (statements.length > 0) stream.expect('operator', ',')
        statements.push({ kind: 'print', value: parseExpression(grammar), at })
      }
      return statements
    },
  }

  function parseMacro(name: string, parameters: Parameter[], end: string, at: number): MacroNode {
    const before = stream.names.length
    const { body } = parseBlock(end)
    return { kind: 'macro', name, parameters, body, mentions: new Set(stream.names.slice(before)), at }
  }

  function parseSignature(): Parameter[] {
    const parameters: Parameter[] = []
    stream.expect('operator', '(')
    while (!stream.is('operator', ')')) {
      if (parameters.length > 0) stream.expect('operator', ',')
      const name = parseName()
      const hasDefault = stream.skip('operator', '=')
      if (!hasDefault && parameters.at(-1)?.default) stream.fail('non-default argument follows default argument')
      parameters.push({ name, default: hasDefault ? parseExpression(grammar) : null })
    }
    stream.next()
    return parameters
  }

  function parseName(): string {
    const { text, at } = stream.expect('name')
    if (isReserved(text)) stream.fail("can't assign to 'name'", at)
    return text
  }

  function parseTarget({ endsAtName, fields = false }: { endsAtName?: string; fields?: boolean }): Target {
    const { at } = stream.current
    if (fields && stream.look().type === 'operator' && stream.look().text === '.') {
      const object = stream.expect('name').text
      stream.next()
      return { kind: 'field', object, name: stream.expect('name').text, at }
    }
    return asTarget(parseTuple(grammar, { parse: parsePrimary, ...(endsAtName === undefined ? {} : { endsAtName }) }))
  }

  function asTarget(expression: Expression): Target {
    if (expression.kind === 'name') return { kind: 'name', name: expression.name, at: expression.at }
    if (expression.kind === 'tuple') return { kind: 'tuple', items: expression.items.map(asTarget), at: expression.at }
    return stream.fail(`can't assign to '${expression.kind === 'constant' ? 'const' : expression.kind}'`, expression.at)
  }

  const statements = parseBody(null)
  const [complaint] = complaints
  if (complaint) stream.fail(complaint.message, complaint.at)
  return statements
}
