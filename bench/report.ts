import type { Spread } from './measure'

/** Each target of the bench, in the order of the report. */
const verdicts: string[] = []

export const say = (text = ''): void => void process.stdout.write(`${text}\n`)

export const title = (text: string): void => say(`\n${text}`)

/** A line of a table: a name and its columns. */
export const row = (name: string, ...columns: readonly string[]): void => say(`  ${name.padEnd(34)}${columns.map((column) => column.padEnd(26)).join('')}`.trimEnd())

const digits = (value: number): string => {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

const spread = ({ median, low, high }: Spread, unit: string): string => `${digits(median)} ${unit} (${digits(low)}..${digits(high)})`

export const milliseconds = (value: Spread): string => spread(value, 'ms')

/** A ratio to `base`, named. */
export const times = (value: Spread, base: string): string => `${spread(value, 'x')} ${base}`

export const perSecond = ({ median }: Spread): string => `${Math.round(1000 / median)} per second`

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`

/** Holds a measured value against its target; both in the same unit. A missed target is said, and is no failure. */
export function judge(name: string, measured: number, limit: number, unit: string): void {
  verdicts.push(`  ${measured <= limit ? 'met   ' : 'missed'}  ${name}: ${digits(measured)} ${unit}, target ${limit} ${unit}`)
}

export function unjudged(name: string, reason: string): void {
  verdicts.push(`  not measured: ${name}: ${reason}`)
}

export function sayVerdicts(): void {
  title('Targets')
  for (const verdict of verdicts) say(verdict)
}
