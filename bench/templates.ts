import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { inspectTemplate, type DeclaredVariable } from '@/lib/manifest/inspect'
import { renderService, type RenderInputs } from '@/lib/manifest/render'
import { inTurns, ratios, spreadOf } from './measure'
import { judge, kilobytes, milliseconds, perSecond, row, say, times, title } from './report'

const CORPUS = path.resolve('..', 'shared', 'templates')
const CATALOGUE = path.resolve('lib', 'catalogue', 'templates')
const ROUNDS = 15
const TARGET_MS = 50

interface Sample {
  readonly file: string
  readonly text: string
  readonly inputs: RenderInputs
}

/** An answer that the variable takes. */
function answer({ enum: options, type }: DeclaredVariable): string {
  if (type === 'email') return 'someone@example.com'
  if (type === 'route') return 'bench.example.com'
  return options?.[0] ?? 'An ordinary answer'
}

/** Answers to all that a template asks for. */
function inputsOf(text: string): RenderInputs {
  const { variables, secrets } = inspectTemplate(text)
  const secret = new Set(secrets.writes.map((write) => write.variable))
  const open = variables.filter(({ name }) => !secret.has(name))
  return { values: Object.fromEntries(open.map((variable) => [variable.name, answer(variable)])), secretsGiven: secret }
}

/** The templates in a folder that render, smallest first. */
function samplesOf(folder: string): Sample[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file): Sample => {
      const text = readFileSync(path.join(folder, file), 'utf8')
      return { file, text, inputs: inputsOf(text) }
    })
    .filter(({ text, inputs }) => renderService(text, inputs).ok)
    .sort((a, b) => Buffer.byteLength(a.text) - Buffer.byteLength(b.text))
}

/** How fast templates are checked and rendered, against reading their text as YAML and nothing else. */
export function benchTemplates(): void {
  const corpus = existsSync(CORPUS)
  const samples = samplesOf(corpus ? CORPUS : CATALOGUE)
  title(`Templates: ${samples.length} that render of ${corpus ? '../shared/templates' : 'the catalogue, as ../shared/templates is not there'}`)
  const median = samples[Math.floor(samples.length / 2)]
  const largest = samples.at(-1)
  if (!median || !largest) throw new Error('There is no template that renders.')
  measure('median size', median)
  const render = measure('largest', largest)
  judge('largest template rendered', render, TARGET_MS, 'ms')
}

/** @returns milliseconds to render it, at the median */
function measure(name: string, { file, text, inputs }: Sample): number {
  const samples = inTurns({ read: () => parse(text) as unknown, check: () => inspectTemplate(text), render: () => renderService(text, inputs) }, ROUNDS)
  say(`  ${name}: ${file}, ${kilobytes(Buffer.byteLength(text))}`)
  const read = spreadOf(samples.read)
  const render = spreadOf(samples.render)
  row('  read as YAML alone', milliseconds(read), perSecond(read))
  for (const work of ['check', 'render'] as const) {
    const taken = spreadOf(samples[work])
    row(`  ${work}`, milliseconds(taken), perSecond(taken), times(spreadOf(ratios(samples[work], samples.read)), 'reading'))
  }
  return render.median
}
