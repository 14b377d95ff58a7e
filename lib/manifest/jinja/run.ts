import { JinjaError, type JinjaErrorCode } from './errors'
import type { Limits } from './limits'
import type { Source } from './source'
import type { Sources } from './values'
import type { Decision, Piece } from './render-text'

const COUNTER_DIGITS = 6
export const CHARACTERS_PER_STEP = 128
/** How many levels of evaluation one level of written nesting may take: macros call macros. */
const EVALUATION_LEVELS = 4
/** Character comparisons that count as one step of a search. */
const COMPARISONS_PER_STEP = 4096
const MAX_INTEGER_BITS = 14_000

/** The state of one rendering: what is left of its budget, the tokens it has made, and where it stands. */
export interface Run {
  readonly limits: Limits
  readonly tokenPrefix: string
  readonly pieces: Map<string, Piece>
  /** Offset of the node at work; errors, pieces and decisions are placed here. */
  at: number
  fail(message: string): never
  exceed(what: string): never
  /** Takes steps off the budget. */
  spend(steps: number): void
  /** Asks, before it is made, for a string of so many characters. */
  reserve(characters: number): void
  /** Pays for a search of one text in another. */
  search(text: string, wanted: string): void
  fitInteger(value: bigint): bigint
  /** Runs `work` one level deeper. */
  deeper<Result>(work: () => Result): Result
  /** The result of `work`, or undefined where it fails; exceeded bounds end the rendering all the same. */
  attempt<Result>(work: () => Result): Result | undefined
  /** What branches that are not taken would write; null where nobody asks. */
  readonly unchosen: Set<Piece> | null
  /** A token for a text; `tells` are the variables whose content it tells, by default all. */
  mint(text: string, variables: Sources, tells?: Sources): string
  decide(variables: Sources): void
  decisions(): Decision[]
}

export function startRun(source: Source, limits: Limits, tokenPrefix: string, everyBranch: boolean): Run {
  const pieces = new Map<string, Piece>()
  const decided = new Map<string, Decision>()
  let steps = 0
  let level = 0
  const raise = (code: JinjaErrorCode, message: string): never => {
    throw source.error(code, message, run.at)
  }
  const run: Run = {
    limits,
    tokenPrefix,
    pieces,
    unchosen: everyBranch ? new Set() : null,
    at: 0,
    fail: (message) => raise('jinja-runtime', message),
    exceed: (what) => raise('jinja-limit', `The template ${what}.`),
    spend(amount) {
      steps += amount
      if (!(steps <= limits.steps)) run.exceed('takes too many steps to render')
    },
    reserve(characters) {
      if (!(characters <= limits.outputBytes)) run.exceed('makes a text that is too long')
      run.spend(characters / CHARACTERS_PER_STEP)
    },
    search(text, wanted) {
      run.spend(text.length / CHARACTERS_PER_STEP + (text.length * wanted.length) / COMPARISONS_PER_STEP)
    },
    fitInteger(value) {
      if (BigInt.asIntN(MAX_INTEGER_BITS, value) !== value) run.exceed('makes a number that is too large')
      return value
    },
    deeper(work) {
      level += 1
      if (level > limits.depth * EVALUATION_LEVELS) run.exceed('is nested too deeply')
      try {
        return work()
      } finally {
        level -= 1
      }
    },
    attempt(work) {
      try {
        return work()
      } catch (error) {
        if (error instanceof JinjaError && error.code === 'jinja-runtime') return undefined
        throw error
      }
    },
    mint(text, variables, tells = variables) {
      if (pieces.size >= 10 ** COUNTER_DIGITS) run.exceed('prints too many values')
      const token = tokenPrefix + String(pieces.size).padStart(COUNTER_DIGITS, '0')
      pieces.set(token, { token, text, variables, tells, ...source.position(run.at) })
      return token
    },
    decide(variables) {
      if (variables.size === 0) return
      const key = `${run.at} ${[...variables].sort().join(' ')}`
      if (!decided.has(key)) decided.set(key, { variables, ...source.position(run.at) })
    },
    decisions: () => [...decided.values()],
  }
  return run
}

/** A fresh global pattern that finds the tokens that begin with `prefix`. */
export const tokensBeginningWith = (prefix: string): RegExp => new RegExp(`${prefix}[0-9]{${COUNTER_DIGITS}}`, 'g')

/** A beginning for tokens that stands in none of `texts`: `q` (no YAML escape), then letters that are never `q`, so that no token overlaps another. */
export function choosePrefix(texts: readonly string[], seed: string | undefined): string {
  const letters = seed === undefined ? randomLetters : seededLetters(seed)
  while (true) {
    const prefix = `q${letters()}`
    if (!texts.some((text) => text.includes(prefix))) return prefix
  }
}

const PREFIX_LETTERS = 16
const letter = (number: number) => String.fromCharCode(97 + (number & 15))

const randomLetters = () => Array.from(crypto.getRandomValues(new Uint8Array(PREFIX_LETTERS)), letter).join('')

function seededLetters(seed: string): () => string {
  let state = 2166136261
  const mix = (number: number) => {
    state = Math.imul(state ^ number, 16777619) >>> 0
    return state >>> 13
  }
  for (const character of seed) mix(character.codePointAt(0) ?? 0)
  return () => Array.from({ length: PREFIX_LETTERS }, (_, index) => letter(mix(index))).join('')
}
