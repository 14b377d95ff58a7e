import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import table from './jinja2-agreement.json'
import { expandTokens, JinjaError, renderText } from './render-text'

/** Templates with what Jinja2 3.1.2 on Python 3.11 makes of them: the text, or the kind and line of its error. */
interface Failure {
  readonly code: string
  readonly line: number | null
  readonly message?: string
}

const values: Record<string, string> = table.values
const rows = table.cases as [string, string | Failure][]

function outcome(template: string): string | Failure {
  try {
    const rendered = renderText(template, values)
    return expandTokens(rendered, rendered.text)
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error
    return { code: error.code, line: error.line, message: error.message }
  }
}

describe('agrees with Jinja2', () => {
  it('has a table worth the name', () => expect(rows.length).toBeGreaterThan(250))

  it.each(rows)('%j', (template, expected) => {
    const seen = outcome(template)
    if (typeof expected === 'string' || typeof seen === 'string') expect(seen).toEqual(expected)
    else expect(seen).toMatchObject({ code: expected.code, ...(expected.line && { line: expected.line }), ...(expected.message && { message: expected.message }) })
  })
})

const ORACLE = `
import sys, json, jinja2
cases = json.load(sys.stdin)
def run(t, v):
    try: return jinja2.Environment().from_string(t).render(**v)
    except Exception: return None
print(json.dumps([run(t, v) for t, v in cases]))`

/** Whatever Python and Jinja2 are at hand, or null. */
function askJinja2(cases: readonly (readonly [string, Record<string, string>])[]): (string | null)[] | null {
  try {
    return JSON.parse(execFileSync('python3', ['-c', ORACLE], { input: JSON.stringify(cases), maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] }).toString()) as (string | null)[]
  } catch {
    return null
  }
}

const EXPRESSIONS = ['x', 'x|upper', "x ~ '-' ~ y", 'x|trim', "x|default('d')", 'missing', "x.split(',')", "x.split(',')|join('+')", 'x|length', '[x, 1, none]', "{'k': y}", 'x[1:3]', 'x == y', "x|replace('a', y)", 'm(x)', 'm(y)|indent(2)', 'm(x)|trim', 'm(x) ~ y', '[m(x), y]|join', 'x if y else 1', 'x or 2', '-3 // 2', '2 / 4', 'x|tojson', 'x|e', "'%s|%5s'|format(x, y)"]
const WRAPPERS: ((body: string) => string)[] = [
  (body) => body,
  (body) => `{% if x -%}\n ${body}\n{%- else %}no{% endif %}`,
  (body) => `{% for c in y.split(',') -%} ${body}{{ loop.index }}{{ c }}\n{% endfor %}`,
  (body) => `{% filter indent(2) %}${body}\n{% endfilter %}`,
  (body) => `{% set z %} ${body} {% endset %}[{{ z }}]{{ z|trim }}`,
  (body) => `{% raw -%} {{ x }} {%- endraw %}{#- note -#} ${body}`,
  (body) => `{% macro k() %}<{{ caller() }}>{% endmacro %}{% call k() %}${body}{% endcall %}`,
]
const TEXTS = ['', 'a', 'a,b', ' pad ', 'x\ny\n\n z', '{{ x }}', '{% raw %}', "q'\"\\", 'äöü €😀', '\n', 'a: b #c']

describe('differs nowhere from the Jinja2 of this machine', () => {
  const cases = EXPRESSIONS.flatMap((expression) => WRAPPERS.flatMap((wrap) => TEXTS.map((x, index) => [
    wrap(`{% macro m(a) %} <{{ a }}>\n {{ x }} {% endmacro %}{{ ${expression} }}`),
    { x, y: TEXTS[(index * 7 + expression.length) % TEXTS.length] ?? '' },
  ] as const)))
  const answers = askJinja2(cases)

  it.skipIf(answers === null)(`in ${cases.length} combinations${answers ? '' : ' (skipped: no python3 with jinja2)'}`, () => {
    const different = cases.flatMap(([template, given], index) => {
      const rendered = renderText(template, given)
      const text = expandTokens(rendered, rendered.text)
      return text === answers?.[index] ? [] : [{ template, given, text, jinja2: answers?.[index] }]
    })
    expect(different).toEqual([])
  })
})
