import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandTokens, renderText, tokenPattern, type RenderedText } from './render-text'

const shape = (rendered: RenderedText) => rendered.text.replace(tokenPattern(rendered), '\0')
const names = (rendered: RenderedText) => [...rendered.pieces.values()].map((piece) => [...piece.variables].sort())
const full = (rendered: RenderedText) => expandTokens(rendered, rendered.text)

const TEMPLATES = [
  'a: {{ x }}\nb: "{{ y }}"\n',
  '{{ x|upper }}{{ x|replace("a", y) }} {{ x ~ y }} {{ x[1:] }} {{ [x, 1] }} {{ {"k": y} }}',
  '{% macro m(v) %}- {{ v }}\n  {{ y }}\n{% endmacro %}{{ m(x) }}{{ m(x)|indent(2) }}{{ m("c") ~ x }}{{ [m(x), y]|join(", ") }}',
  '{% set s %}k: {{ x }}{% endset %}{{ s }}{{ s|upper }}{% filter indent %}{{ x }}\n{{ y }}{% endfilter %}',
  '{% for v in [x, y] %}{{ loop.index }}: {{ v }}\n{% endfor %}{{ x|default("d") }}{{ x or "d" }}{{ x|length }}{{ x == y }}',
  '{% macro w() %}[{{ caller(x) }}]{% endmacro %}{% call(v) w() %}{{ v }}{{ v|e }}{% endcall %}{{ "%s"|format(x) }}{{ "{}".format(y) }}',
  '{% set ns = namespace(a=x) %}{% set ns.b = [y] %}{{ ns.a }}{{ ns.b }}{{ ns.b[0] }}{{ x|tojson }}{{ x.split(",")|join }}{{ x is string }}',
]
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[\ud800-\udfff]/.test(text)),
  fc.constantFrom('{{ y }}', '{% raw %}', '{%', '}}', '{#', "{{ ''.__class__ }}", 'a\nprivate: false', '"', '\\n', '{{ x }}{{ x }}', '%s', '{}', '{0.__class__}', 'q'),
)
const given = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '' && !/[\n\r\v\f\x1c-\x1f\x85\u2028\u2029\ud800-\udfff]/.test(text))

describe('values', () => {
  it('stand in the rendered text only as tokens: the text beside them is the same whatever the values are', () => {
    fc.assert(fc.property(fc.constantFrom(...TEMPLATES), given, given, given, given, (template, x, y, otherX, otherY) => {
      const one = renderText(template, { x, y })
      const other = renderText(template, { x: otherX, y: otherY })
      expect(one.decisions).toEqual([])
      expect(shape(one)).toBe(shape(other))
      expect(names(one)).toEqual(names(other))
    }))
  })

  it('never appear beside the tokens', () => {
    fc.assert(fc.property(fc.constantFrom(...TEMPLATES), fc.stringMatching(/^[A-Z0-9]{6,12}$/), (template, x) => {
      expect(shape(renderText(template, { x, y: 'other' }))).not.toContain(x)
    }))
  })

  it('are never evaluated: what is rendered holds them as they are', () => {
    fc.assert(fc.property(nasty, nasty, (x, y) => {
      expect(full(renderText('<{{ x }}|{{ y }}|{{ x ~ y }}|{% set z %}{{ x }}{% endset %}{{ z }}>', { x, y }))).toBe(`<${x}|${y}|${x}${y}|${x}>`)
    }))
  })

  it('that look like tokens of an earlier rendering stay text', () => {
    const first = renderText('{{ x }}', { x: 'v' }, { tokenSeed: 's' })
    const second = renderText('{{ x }} {{ y }}', { x: first.text, y: 'secret' }, { tokenSeed: 's' })
    expect(full(second)).toBe(`${first.text} secret`)
    expect(second.tokenPrefix).not.toBe(first.tokenPrefix)
  })

  it('a source that holds tokens of an earlier rendering keeps them', () => {
    const first = renderText('{{ x }}', { x: '{{ y }}' }, { tokenSeed: 's' })
    expect(full(renderText(`a ${first.text} {{ y }}`, { y: '1' }, { tokenSeed: 's' }))).toBe(`a ${first.text} 1`)
  })
})

describe('an error', () => {
  it.each([
    '{{ x|attr(x) + 1 }}', '{{ {}[x] + 1 }}', '{{ {}[x].b }}', '{{ [1]|map(x)|list }}', '{{ [1]|select(x)|list }}', '{{ [{}]|map(attribute=x)|sum }}', "{{ x.format(1) }}",
    '{{ "a"|center(**{x: 1}) }}', '{% macro m() %}{% endmacro %}{{ m(**{x: 1}) }}', '{{ x + 1 }}', '{{ x|sum }}', '{{ [1, x]|sort }}', '{{ x() }}', '{{ "%d"|format(x) }}', '{{ {}|dictsort(by=x) }}',
    '{{ 1|round(method=x) }}', '{{ "a".index(x) }}', '{{ {}.pop(x) }}', '{{ {x: 1}|xmlattr }}', '{{ x|abs }}', '{{ 1 in x }}', '{{ x < 1 }}', '{{ "{0.b[%s]}".replace("%s", x).format({}) + 1 }}',
  ])('of %s tells no value', (template) => {
    const secret = '{0.SECRET[SECRET]} /SECRET'
    expect(() => renderText(template, { x: secret })).toThrow(/^(?![^]*SECRET)/)
  })
})

describe('tokens', () => {
  it('are plain lower-case words of one length that begin with q', () => {
    const { pieces } = renderText('{{ a }}{{ b }}{{ c }}', {})
    expect(pieces.size).toBe(3)
    for (const token of pieces.keys()) expect(token).toMatch(/^q[a-z]{16}[0-9]{6}$/)
  })

  it('are not repeated between renderings', () => {
    expect(renderText('{{ a }}', {}).text).not.toBe(renderText('{{ a }}', {}).text)
  })

  it.each([
    ['{{ "a" }}{{ 1 }}{{ [1] }}', []],
    ['{{ x }}', [['x']]],
    ['{{ missing }}', [['missing']]],
    ['{{ missing|default("Welcome") }}', [['missing']]],
    ['{{ x|default("Welcome") }}', [['x']]],
    ['{{ x|default(y) }}', [['x']]],
    ['{{ x ~ y }}', [['x', 'y']]],
    ['{{ [x, y][0] }}', [['x']]],
    ['{{ [x, y]|sort|first }}', [['x', 'y']]],
    ['{{ {"a": x, "b": y}.b }}', [['y']]],
    ['{{ {x: 1}.a }}', [['x']]],
    ['{{ [1, 2][x|int] }}', [['x']]],
    ['{{ "abc"[:x|int] }}', [['x']]],
    ['{{ [x]|length }}', []],
    ['{{ x|length }}', [['x']]],
    ['{{ 1 if x else 2 }}', []],
    ['{{ x and "yes" }}', [['x']]],
    ['{{ "a"|center(x|int) }}', [['x']]],
    ['{{ range(x|int)|list }}', [['x']]],
    ['{% macro m(v) %}<{{ v }}>{% endmacro %}{{ m(x) }}', [['x']]],
    ['{% macro m(v) %}<{{ v }}>{% endmacro %}{{ m(x)|upper }}', [['x']]],
    ['{% macro m(v) %}<{{ v }}>{% endmacro %}{{ m(x) ~ y }}', [['x'], ['y']]],
    ['{% macro m(v) %}<{{ v }}>{% endmacro %}{{ m("c")|upper }}', []],
    ['{% for c in x %}{{ c }}{{ loop.index }}{% endfor %}', [['x'], ['x']]],
    ['{% set l = [] %}{% set _ = l.append(x) %}{{ l }}', [['x']]],
    ['{% set ns = namespace(a=1, b=x) %}{{ ns.a }}{{ ns.b }}', [['x']]],
    ['{{ [x, "b"]|map("upper")|join }}', [['x']]],
    ['{{ ["a", "b"]|select("eq", x)|list }}', [['x']]],
    ['{{ {"a": x}|tojson }}', [['x']]],
    ['{{ "{a}".format(a=x) }}', [['x']]],
    ['{{ dict(a=x).a }}{{ dict(a=x)|length }}', [['x']]],
  ])('of %s derive from %j', (template, expected) => {
    expect(names(renderText(template, { x: '1', y: 'b' }))).toEqual(expected)
  })
})

describe('decisions', () => {
  it.each([
    '{% if x %}{% endif %}', '{% if not x %}{% endif %}', '{% if x is defined %}{% endif %}', "{% if x == '' %}{% endif %}", "{% if '' != x %}{% endif %}",
    '{% if x|length == 0 %}{% endif %}', '{% if x|length > 0 and not y %}{% endif %}', "{{ 'a' if x or y else 'b' }}", '{% if x is none or x is string %}{% endif %}',
    '{% for v in [x, y] %}{{ v }}{% endfor %}', '{% set z = x %}{% if z %}{% endif %}', '{% macro m() %}a{{ x }}{% endmacro %}{% if m() %}{% endif %}', '{% if 1 < 2 %}{% endif %}',
  ])('are none in %s', (template) => expect(renderText(template, { x: 'v' }).decisions).toEqual([]))

  it.each([
    ["{% if x == 'a' %}{% endif %}", ['x']], ["{{ 'a' if x == y }}", ['x', 'y']], ['{% for c in x %}{% endfor %}', ['x']], ['{% for c in missing %}{% endfor %}', ['missing']],
    ['{% if x|length > 3 %}{% endif %}', ['x']], ['{% if x|trim %}{% endif %}', ['x']], ['{% if "a" in x %}{% endif %}', ['x']], ["{% set z = x == 'a' %}{% if z %}{% endif %}", ['x']],
    ['{{ {"a": 1}[x] }}', ['x']], ['{{ "abc"[x|int:] }}', ['x']], ['{% for i in [1] if x == "v" %}{% endfor %}', ['x']], ['{% for i in range(x|int) %}{% endfor %}', ['x']],
    ['{% if [x] == ["a"] %}{% endif %}', ['x']], ['{% macro m() %}{{ x }}{% endmacro %}{% if m() == "v" %}{% endif %}', ['x']], ['{% if x is in ["v"] %}{% endif %}', ['x']],
    ['{{ {"a": 1}.get(x) }}', ['x']], ["{% if (x == 'a') or 1 %}{% endif %}", ['x']], ["{% if not (x == 'a') %}{% endif %}", ['x']],
  ])('are told in %s', (template, expected) => {
    expect(renderText(template, { x: 'v', y: 'w' }).decisions.map(({ variables }) => [...variables].sort())).toEqual([expected])
  })
})
