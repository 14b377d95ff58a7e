import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { noTokens, YamlError } from './cursor'
import { type Constructed } from './construct'
import { readYaml } from './read'
import { YamlDate } from './resolve'

const plain = { ...noTokens, expand: (text: string) => text, renderAgain: (text: string) => text }
const read = (text: string): Constructed | null => readYaml(text, plain)

/** Texts with what PyYAML 6.0 makes of them: accepted or not, and the value in a form that keeps types apart. */
const cases = JSON.parse(readFileSync(new URL('./pyyaml-cases.json', import.meta.url), 'utf8')) as [string, boolean, unknown][]

/** The form of the cases: numbers by kind, dates and fractions without their digits, keys that are no text as "?". */
function form({ value, keys }: Constructed): unknown {
  const walk = (node: unknown): unknown => {
    if (typeof node === 'bigint') return { int: String(node) }
    if (typeof node === 'number') return Number.isInteger(node) && Math.abs(node) < 1e15 || Number.isSafeInteger(node) ? { int: String(node) } : { float: Number.isNaN(node) ? 'nan' : '?' }
    if (node instanceof YamlDate) return { date: '?' }
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    const places = keys.get(node)
    const entries = Object.entries(node).map(([key, child]): [string, unknown] => [places?.get(key)?.isText ? key : '?', walk(child)])
    return { map: entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) }
  }
  return walk(value)
}

test('agrees with PyYAML on which texts are YAML and what they mean', () => {
  expect(cases.length).toBeGreaterThan(450)
  const different = cases.flatMap(([text, accepted, expected]) => {
    try {
      const result = read(text)
      const actual = result === null ? null : form(result)
      const sorted = JSON.stringify(expected)
      if (accepted && (JSON.stringify(actual) === sorted || sorted.includes('"set"'))) return []
      return [{ text, expected: accepted ? expected : 'refused', actual }]
    } catch (error) {
      if (!(error instanceof YamlError)) throw error
      return accepted ? [{ text, expected, actual: error.message }] : []
    }
  })
  expect(different).toEqual([])
})

function refusal(text: string): YamlError {
  try {
    read(text)
  } catch (error) {
    if (error instanceof YamlError) return error
    throw error
  }
  throw new Error('The text was accepted.')
}

test.each([
  ['a: b: c', 1, 5, /quote the text if the colon/],
  ['a:\n\tb: c', 2, 1, /tab/],
  ['a: "x', 1, 4, /no closing double quote/],
  ['a: "\\q"', 1, 6, /backslash/],
  ['a: [b\nc: d', 2, 2, /is expected here/],
  ['a: *b', 1, 4, /no anchor/],
  ['a: b\nc', 2, 1, /':' is missing/],
  ['a: 1\n---\nb: 2', 2, 1, /more than one document/],
  ['a: \u0007', 1, 4, /U\+0007/],
  ['%a', 1, 3, /directive/],
  ['a: 2001-13-01', 1, 4, /does not exist/],
  ['é: 😀 "\nb: "', 2, 4, /no closing/],
])('names the place and a mend for %j', (text, line, column, message) => {
  const error = refusal(text)
  expect({ line: error.at.line + 1, column: error.at.column + 1 }).toEqual({ line, column })
  expect(error.message).toMatch(message)
})

test('a key that stands twice is noted with its place, and the last one counts', () => {
  const result = read('a: 1\nb:\n  c: 1\n  c: 2\na: 3\n')
  expect(result?.value).toEqual({ a: 3, b: { c: 2 } })
  expect(result?.duplicates.map(({ path, mark }) => [path.join('.'), mark.line + 1])).toEqual([['b.c', 4], ['a', 5]])
})

test('keys such as __proto__ and constructor are keys like any other', () => {
  const value = read('__proto__: {polluted: true}\nconstructor: 1')?.value
  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect('polluted' in {}).toBe(false)
})

const lines = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('\n')

test.each([
  ['a megabyte of opening brackets', '['.repeat(1_000_000)],
  ['a megabyte of opening braces', '{'.repeat(1_000_000)],
  ['a megabyte of list dashes', '- '.repeat(500_000)],
  ['deep mappings', lines(2000, (index) => `${' '.repeat(index)}a:`)],
  ['deep keys', '? '.repeat(500_000)],
  ['an alias bomb', `a0: &a0 [x, x]\n${lines(60, (index) => `a${String(index + 1)}: &a${String(index + 1)} [*a${String(index)}, *a${String(index)}]`)}`],
  ['an alias chain', `a0: &a0 [x]\n${lines(40_000, (index) => `a${String(index + 1)}: &a${String(index + 1)} [*a${String(index)}]`)}`],
  ['a bomb of long texts', `t: &t ${'x'.repeat(500_000)}\nl:\n${'- *t\n'.repeat(1000)}`],
  ['a merge bomb', `a0: &a0 {k: 1, l: 2}\n${lines(60, (index) => `a${String(index + 1)}: &a${String(index + 1)} {<<: [*a${String(index)}, *a${String(index)}]}`)}`],
  ['a list that holds itself', 'a: &a [*a]'],
  ['a mapping that holds itself', 'a: &a {b: *a}'],
  ['a mapping merged into itself', 'a: &a\n  <<: *a\n  b: 1'],
  ['a number of a million digits', `a: ${'1'.repeat(1_000_000)}`],
  ['a sum of many sixtieths', `a: 1${':1'.repeat(400_000)}`],
  ['two hundred thousand items', `a: [${'1,'.repeat(200_000)}]`],
  ['a hundred thousand keys', lines(100_000, (index) => `k${String(index)}: v`)],
])('refuses %s at once', (_, text) => {
  const started = process.cpuUsage()
  const error = refusal(text)
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
  expect(error.message).toMatch(/\.$/)
})

test.each([
  ['nine thousand keys', lines(9_000, (index) => `k${String(index)}: v`)],
  ['a megabyte of text in quotes', `a: "${'x '.repeat(500_000)}"`],
  ['a megabyte of plain text', `a: ${'x '.repeat(500_000)}`],
  ['a megabyte of block text', `a: |\n${'  xxxxxxxxxxxxxxx\n'.repeat(60_000)}`],
  ['a megabyte of empty lines', `a: |\n${'\n'.repeat(1_000_000)}`],
  ['a megabyte of comments', `${'# comment\n'.repeat(100_000)}a: 1`],
  ['half a megabyte of colons in brackets', `a: [${'x:y '.repeat(120_000)}]`],
])('reads %s in bounded time', (_, text) => {
  const started = process.cpuUsage()
  expect(read(text)).not.toBeNull()
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000)
})
