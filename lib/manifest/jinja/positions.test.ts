import { describe, expect, it } from 'vitest'
import { JinjaError, renderText, tokenPattern } from './render-text'

function positionOfError(template: string, values: Record<string, string> = {}): string {
  try {
    renderText(template, values)
  } catch (error) {
    if (error instanceof JinjaError) return `${error.line}:${error.column}`
    throw error
  }
  return 'none'
}

describe('errors stand where the fault is', () => {
  it.each([
    ['{{ a b }}', '1:6'],
    ['a\n  {{ a: b }}', '2:7'],
    ['a\r\nb\r\n{{ a b }}', '3:6'],
    ['a\rb\r{{ a b }}', '3:6'],
    ['{{\n  a\n  b }}', '3:3'],
    ['{% if x %}\n\n{% csrf_token %}{% endif %}', '3:4'],
    ['{%- raw -%}\n\n{{ a b }}\n{%- endraw -%}\n\n {{ a b }}', '6:7'],
    ['{#- a\n b -#}\n\n  {{ a b }}', '4:8'],
    ['x\n\n  {%- if true -%}  \n\n {{ 1/0 }}{% endif %}', '5:5'],
    ['{% for i in [1, 0] %}\n{{ 1 / i }}\n{% endfor %}', '2:4'],
    ['{% macro m() %}\n{{ missing.foo }}\n{% endmacro %}\n{{ m() }}', '2:11'],
    ['{{ "a\nb" ~\n x | nope }}', '3:6'],
    ['a\n{{ [1,\n  2', '3:3'],
  ])('%j at %s', (template, expected) => expect(positionOfError(template)).toBe(expected))
})

describe('pieces stand where they are printed', () => {
  it.each([
    ['{{ x }}', ['1:1']],
    ['a\n  b: {{ x }} {{- x }}', ['2:6', '2:14']],
    ['{% raw %}\n{{ x }}\n{% endraw %}\n {{ x }}', ['4:2']],
    ['a\r\n{%- if true %}\r\n  {{ x }}{% endif %}', ['3:3']],
    ['{% for i in [1, 2] %}\n{{ x }}{% endfor %}', ['2:1', '2:1']],
    ['{% macro m() %}\n\n{{ x }}{% endmacro %}\n{{ m() }}', ['3:1']],
  ])('%j at %j', (template, expected) => {
    expect([...renderText(template, { x: 'v' }).pieces.values()].map(({ line, column }) => `${line}:${column}`)).toEqual(expected)
  })

  it('and decisions where they are taken', () => {
    const { decisions } = renderText('a\n{% if x == "a" %}b{% endif %}', { x: 'v' })
    expect(decisions).toEqual([{ variables: new Set(['x']), line: 2, column: 7 }])
  })
})

/** Where each marked word of the rendered text comes from, told by the same word in the source. */
function expectMarksMapped(source: string, values: Record<string, string>): void {
  const rendered = renderText(source, values)
  const sourceLines = source.split(/\r\n|\r|\n/)
  let found = 0
  for (const [index, line] of rendered.text.split('\n').entries()) {
    for (const mark of line.matchAll(/MARK[0-9]/g)) {
      const at = rendered.sourcePosition(index + 1, mark.index + 1)
      expect(sourceLines[at.line - 1]?.slice(at.column - 1, at.column - 1 + mark[0].length)).toBe(mark[0])
      found += 1
    }
  }
  expect(found).toBeGreaterThan(0)
}

describe('sourcePosition', () => {
  it.each([
    'a: MARK1\nb: MARK2\n',
    'a: {{ x }} MARK1\n{{ x }}MARK2',
    '{% if x %}\n a: MARK1\n{% endif %}\n{% if not x %}\n\n\n{% endif %}\nb: MARK2',
    '{% for i in range(3) %}\n- MARK1 {{ i }} MARK2\n{% endfor %}\nMARK3',
    'a\n\n{%- if x -%}\n\n   MARK1{%- endif %}\n\n MARK2',
    '{% raw %}\n{{ MARK1 }}{% endraw %}{# \n\n #}MARK2',
    '{%- raw -%}\n\n {{ MARK1 }}\n{%- endraw -%}\n\nMARK2',
    'a\r\nMARK1\r\n{%- set z = 1 %}\r\n\r\nMARK2\r\n',
  ])('finds the source of %j', (source) => expectMarksMapped(source, { x: 'v\nw' }))

  it('maps a token to the print that made it', () => {
    const rendered = renderText('a:\n{% for i in [1, 2] %}\n  - {{ x }}\n{% endfor %}', { x: 'v\nw' })
    for (const match of rendered.text.matchAll(tokenPattern(rendered))) {
      const before = rendered.text.slice(0, match.index).split('\n')
      expect(rendered.sourcePosition(before.length, (before.at(-1)?.length ?? 0) + 1)).toEqual({ line: 3, column: 5 })
    }
  })

  it('stays within the text for any question', () => {
    const rendered = renderText('a\n{{ x }}', {})
    expect(rendered.sourcePosition(99, 99).line).toBe(2)
    expect(rendered.sourcePosition(0, 0)).toEqual({ line: 1, column: 1 })
    expect(renderText('', {}).sourcePosition(1, 1)).toEqual({ line: 1, column: 1 })
  })
})
