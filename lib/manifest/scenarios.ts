import { evaluate, type Evaluation, type Inputs } from './evaluate'
import { expressionsIn } from './expressions'
import type { Warning } from './issue'
import { reviewDocument } from './review'
import { spoken } from './scalars'
import { step } from './document'

/** Further renderings per review; each costs about as much as the first, so large documents get fewer. */
const MAX_SCENARIOS = 12
const MIN_SCENARIOS = 2
const CHARACTERS_OF_WORK = 200_000
/** More than anybody reads. A template that reaches this may have more, so it is not to be installed. */
export const MAX_WARNINGS = 200

/**
 * Warnings of a template for the inputs given and, because branches may hide what a template does, for others as well: every
 * secret given, every variable filled, each option of an enum, each text that the template compares with. So what an installer reads before filling in the form is what
 * the installation may do.
 */
export function reviewScenarios(source: string, evaluation: Evaluation, inputs: Inputs): Warning[] {
  const found = new Map<string, Warning>()
  const review = (one: Evaluation, wanted: (warning: Warning) => boolean = () => true): void => {
    const known = one.document === null ? one.known : one
    if (!known) return
    const secrets = new Set([...evaluation.secrets, ...one.secrets])
    for (const warning of reviewDocument({ document: known.document, facts: known.facts, source, secrets })) {
      const key = JSON.stringify([warning.code, warning.path, warning.line, warning.variables ?? warning.message])
      if (!found.has(key) && wanted(warning)) found.set(key, warning)
    }
  }
  review(evaluation)
  if (/\{\{|\{%/.test(source)) {
    const tried = scenarios(source, evaluation, inputs)
    for (const scenario of tried) review(evaluate(source, scenario, evaluation))
    const told = new Set([...found.values()].map(leakOf))
    // Values that nobody thought of may take yet other branches; where these print, no field can be told.
    if (evaluation.secrets.size > 0) review(evaluate(source, { ...(tried[0] ?? inputs), everyBranch: true }, evaluation), (warning) => warning.code === 'secret-leak' && !told.has(leakOf(warning)))
  }
  return [...found.values()].sort((a, b) => a.line - b.line).slice(0, MAX_WARNINGS)
}

const leakOf = ({ code, line, variables }: Warning): string => JSON.stringify([code, line, variables])

const literalsIn = (source: string): string[] =>
  [...new Set(expressionsIn(source).flatMap((part) => [...part.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(([, double, single]) => double ?? single ?? '')))].filter((literal) => literal !== '')

function scenarios(source: string, evaluation: Evaluation, inputs: Inputs): Inputs[] {
  const known = evaluation.document === null ? evaluation.known : evaluation
  if (!known || known.facts.variables.length === 0) return []
  const { document, facts } = known
  const options = new Map(facts.variables.map(({ name, path }) => [name, enumOf(path)]))
  const secretsGiven = [...evaluation.secrets]
  const filled: Record<string, string> = Object.fromEntries([...options].map(([name, list]) => [name, list[0] ?? 'value']))
  const made: Inputs[] = [{ values: { ...filled, ...inputs.values }, secretsGiven }]
  if (secretsGiven.length > 0) made.push({ values: inputs.values ?? {}, secretsGiven }, { values: filled, secretsGiven })
  for (const [name, list] of options) for (const option of list.slice(1)) made.push({ values: { ...filled, [name]: option }, secretsGiven })
  // A branch may wait for a certain text: `{% if mode == 'debug' %}`.
  for (const literal of literalsIn(source)) made.push({ values: Object.fromEntries([...options.keys()].map((name) => [name, literal])), secretsGiven })
  const affordable = Math.floor(CHARACTERS_OF_WORK / (document.length + 1))
  return made.slice(0, Math.min(MAX_SCENARIOS, Math.max(MIN_SCENARIOS, affordable)))

  function enumOf(path: readonly (string | number)[]): string[] {
    const list = [...path, 'enum'].reduce<ReturnType<typeof step>>((node, key) => step(node, key), document.value)
    return Array.isArray(list) ? list.map(spoken).filter((option): option is string => typeof option === 'string') : []
  }
}
