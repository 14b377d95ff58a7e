import { describe, expect, it } from 'vitest'
import { expandTokens, JinjaError, renderText } from './render-text'

const many = (text: string, times: number) => text.repeat(times)
const BIG = 100_000

const HOSTILE: Record<string, string> = {
  'a huge range': '{% for i in range(10**15) %}{% endfor %}',
  'a huge range as a list': '{{ range(10**9)|list }}',
  'nested loops': '{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{% endfor %}{% endfor %}',
  'a doubling string': '{% set ns = namespace(s="ab") %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}',
  'a doubling list': '{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}',
  'a repeated string': '{{ "ab" * 10**12 }}',
  'a repeated list': '{{ [1] * 10**12 }}',
  'a repeated empty list': '{% for i in [[]] * 10**12 %}{% endfor %}',
  'a huge power': '{{ 10 ** (10 ** 10) }}',
  'growing integers': '{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}',
  'a huge literal': `{{ ${many('9', BIG)} }}`,
  'a number text': `{{ '${many('9', BIG)}'|int }}`,
  'a wide center': '{{ "a"|center(10**12) }}',
  'a wide indent': '{{ "a\nb"|indent(10**12) }}',
  'a wide format': '{{ "%999999999d"|format(1) }}',
  'a wide star format': '{{ "%*d"|format(10**12, 1) }}',
  'a precise format': '{{ "%.999999999f"|format(1.5) }}',
  'a wide brace format': '{{ "{:>999999999}".format(1) }}',
  'a wide ljust': '{{ "a".ljust(10**12) }}',
  'a wide zfill': '{{ "1".zfill(10**12) }}',
  'a huge replace': '{{ ("a" * 100000)|replace("a", "b" * 100000) }}',
  'a huge join': '{{ ("b" * 100000).join(["a"] * 100000) }}',
  'a deep json indent': '{{ [[[1]]]|tojson(10**12) }}',
  'a slow search': '{{ ("a" * 100000 ~ "b") in ("a" * 4000000) }}',
  'many searches': `{% for i in range(1000) %}{{ ("a" * 1000000).find("ab") }}{% endfor %}`,
  'a huge batch fill': '{{ [1]|batch(10**12, 0)|list }}',
  'many slices': '{{ [1]|slice(10**12)|list }}',
  'a huge rounding': '{{ 1|round(10**9) }}{{ 1|round(-10**9) }}',
  'deep parentheses': `{{ ${many('(', BIG)}1${many(')', BIG)} }}`,
  'deep brackets': `{{ ${many('[', BIG)}${many(']', BIG)} }}`,
  'deep braces': `{{ ${many('{1:', BIG)}` ,
  'deep subscripts': `{{ x${many('[x', BIG)} }}`,
  'deep calls': `{{ ${many('f(', BIG)} }}`,
  'deep not': `{{ ${many('not ', BIG)}x }}`,
  'deep minus': `{{ ${many('- ', BIG)}1 }}`,
  'deep else': `{{ ${many('1 if 0 else ', BIG)}1 }}`,
  'deep blocks': many('{% if true %}', BIG),
  'deep loops': many('{% for i in [1] %}', 5000) + many('{% endfor %}', 5000),
  'deep targets': `{% set ${many('(', BIG)}a = 1 %}`,
  'a long chain of filters': `{{ 'a'${many('|upper', BIG)} }}`,
  'a long chain of attributes': `{{ x${many('.a', BIG)} }}`,
  'a long sum': `{{ 1${many('+1', BIG)} }}`,
  'a long and': `{{ 1${many(' and 1', BIG)} }}`,
  'a long chain of conditions': `{{ 1${many(' if 1', BIG)} }}`,
  'a macro that calls itself': '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  'macros that call each other': '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% if true %}{{ [a()]|join|upper }}{% endif %}{% endmacro %}{{ a() }}',
  'a macro that calls itself twice': '{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}',
  'a macro as its own default': '{% macro m(a=m()) %}{% endmacro %}{{ m() }}',
  'a caller that calls the macro': '{% macro m() %}{{ caller() }}{% endmacro %}{% macro k() %}{% call m() %}{{ k() }}{% endcall %}{% endmacro %}{{ k() }}',
  'an endless recursive loop': '{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}',
  'captured text with many values, tested in a loop': '{% set l %}{% for i in range(20000) %}{{ x }}{% endfor %}{% endset %}{% for i in range(9000) %}{% if l %}{% endif %}{% endfor %}',
  'a list in itself': '{% set l = [] %}{% set _ = l.append(l) %}{{ l }}',
  'a list in itself, compared': '{% set l = [] %}{% set _ = l.append(l) %}{% set k = [l] %}{% set _ = k.append(k) %}{% set m = [l] %}{% set _ = m.append(m) %}{{ k == m }}',
  'a list in itself as json': '{% set l = [] %}{% set _ = l.append(l) %}{{ l|tojson }}',
  'a deep list': '{% set ns = namespace(l=[]) %}{% for i in range(5000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}',
  'a deep tuple as a key': '{% set ns = namespace(l=()) %}{% for i in range(5000) %}{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1} }}',
  'shared lists': '{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}',
  'shared lists in a loop of extends': '{% set l = [1] %}{% for i in range(60) %}{% set _ = l.extend(l) %}{% endfor %}',
  'much output': '{% for i in range(9000) %}{{ "a" * 4000 }}{% endfor %}',
  'a value printed often': '{% for i in range(50000) %}{{ x }}{% endfor %}',
  'an unterminated print': '{{ x', 'an unterminated tag': '{% if', 'an unterminated comment': '{# x', 'an unterminated raw': '{% raw %}x', 'an unterminated string': "{{ 'x",
  'an unterminated long string': `{{ '${many('\\', BIG)}`,
  'many open prints': many('{{ ', BIG), 'many open tags': many('{% ', BIG), 'many open comments': many('{# ', BIG), 'many raws': many('{% raw ', BIG),
  'a raw that almost ends': `{% raw %}${many('{% endraw', BIG)}`,
  'a long name': `{{ ${many('a', BIG)}.b }}`,
  'a long operator row': `{{ ${many('~', BIG)} }}`,
  'strings in a row': `{{ ${many("'a'", BIG)}.b.c }}`,
  'many sources': '{% set ns = namespace(s="") %}{% for i in range(100000) %}{% set ns.s = ns.s ~ x %}{% endfor %}',
}

describe('a hostile template ends in an error, soon', () => {
  it.each(Object.entries(HOSTILE))('%s', (_, template) => {
    const started = performance.now()
    expect(() => renderText(template, { x: many('v', 1000) })).toThrow(JinjaError)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('a template that is too long', () => {
    expect(() => renderText(many('a', 2 ** 20 + 1), {})).toThrow(JinjaError)
  })
})

describe('a large but honest template renders', () => {
  it.each([
    ['many prints', many('k: {{ x }}\n', 9000)], ['many strings in a row', `{{ ${many("'a'", 9000)} }}`], ['many parts', `{{ 1${many(' ~ 1', 9000)} }}`],
    ['many branches', `{% if 0 %}${many('{% elif 0 %}', 9000)}{% endif %}`], ['a long text', many('{ a }', 200_000)], ['a long list', `{{ [${many('1,', 9000)}]|length }}`],
  ])('%s', (_, template) => {
    const started = performance.now()
    renderText(template, { x: 'v' })
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('names of the host reach nothing', () => {
  it.each(['__proto__', 'constructor', '__class__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', '__globals__', '__init__', 'call', 'apply', 'kind', 'items_', 'data'])('%s', (name) => {
    const targets = ["''", "'a'", '1', '1.5', 'true', 'none', '[]', '[1]', '{}', '()', 'range', 'range(3)', 'dict', 'namespace()', 'x', 'm', 'm()', "cycler('a')", "''.upper", '[].append']
    for (const target of targets) {
      for (const access of [`(${target}).${name}`, `(${target})['${name}']`, `(${target})|attr('${name}')`, `[${target}]|map(attribute='${name}')|first`]) {
        const rendered = renderText(`{% macro m() %}{% endmacro %}{{ ${access} is undefined }}`, { x: 'v' })
        expect(expandTokens(rendered, rendered.text)).toBe('True')
      }
    }
    expect(expandTokens(renderText(`{{ ${name} is undefined }}`, {}), renderText(`{{ ${name} is undefined }}`, {}).text)).toMatch(/^(True|q.*)$/)
    expect(() => renderText(`{{ 'a'|${name} }}`, {})).toThrow(`No filter named '${name}'.`)
    expect(() => renderText(`{{ 'a' is ${name} }}`, {})).toThrow(`No test named '${name}'.`)
    if (name !== 'call') expect(() => renderText(`{% ${name} %}`, {})).toThrow(`Encountered unknown tag '${name}'.`)
    expect(() => renderText(`{{ "{0.${name}.${name}}".format('a') }}`, {})).toThrow(JinjaError)
  })

  it('and a variable may be called like them', () => {
    const values = Object.fromEntries([['__proto__', 'a'], ['constructor', 'b']])
    const rendered = renderText('{{ __proto__ }}{{ constructor }}{{ toString }}', values)
    expect(expandTokens(rendered, rendered.text)).toBe('ab')
  })
})
