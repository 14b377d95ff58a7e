import type { EnvironmentEntry } from './runtime'

/** What stands in a log where a sensitive value stood. */
export const maskText = '[masked]'

/** Shorter values and pieces occur in ordinary text too often to be told from it. */
const shortestValue = 4
const shortestPiece = 8

/** base64 of `value` inside a longer text: without the characters that its neighbours share, at each of the three alignments. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value)
  const forms: string[] = []
  for (const offset of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '')
    const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1
    const inner = encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - shared)
    // tools that encode to text break lines at 76 (MIME) or 64 (PEM) characters
    const broken = offset === 0 ? [76, 64].flatMap((width) => inner.match(new RegExp(`.{1,${width}}`, 'g')) ?? []) : []
    forms.push(inner, ...broken)
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

function encodedForms(value: string): string[] {
  const hex = Buffer.from(value).toString('hex')
  let url: string[] = []
  try {
    const form = new URLSearchParams([['', value]]).toString().slice(1)
    const strict = form.replaceAll('+', '%20')
    url = [encodeURIComponent(value), encodeURI(value), form, strict, strict.replaceAll('%2F', '/')]
  } catch {
    // a lone surrogate has no URL form
  }
  const json = JSON.stringify(value).slice(1, -1)
  return [json, json.replaceAll('/', '\\/'), ...url, hex, hex.toUpperCase(), ...base64Forms(value)]
}

function patternsOf(value: string): string[] {
  const lines = value.split(/\r\n|\n|\r/)
  const whole = lines.length === 1 ? [value] : [value, ...lines.map((line) => line.trim()).filter((line) => line.length >= shortestPiece)]
  return [...whole.filter((text) => text.length >= shortestValue), ...encodedForms(value).filter((text) => text.length >= shortestPiece)]
}

export interface Mask {
  /** Length of the longest text that is masked: how much of a line must be seen before any of it may leave. */
  longest: number
  /** `line` with each sensitive value replaced; with `limit`, only what came of its first `limit` characters. */
  apply(line: string, limit?: number): string
}

/**
 * Finds sensitive values in lines of text: plain, line by line when they have several lines, and in JSON, URL, hex and base64
 * form. Values of fewer than four characters are not masked.
 */
export function createMask(environment: readonly EnvironmentEntry[]): Mask {
  const patterns = [...new Set(environment.filter((entry) => entry.sensitive && entry.value.trim().length >= shortestValue).flatMap((entry) => patternsOf(entry.value)))]
  const longest = patterns.reduce((most, pattern) => Math.max(most, pattern.length), 0)
  return {
    longest,
    apply(line, limit = line.length) {
      const spans: [number, number][] = []
      for (const pattern of patterns) {
        for (let at = line.indexOf(pattern); at !== -1; at = line.indexOf(pattern, at + 1)) spans.push([at, at + pattern.length])
      }
      spans.sort((a, b) => a[0] - b[0])
      let text = ''
      let from = 0
      for (const [start, end] of spans) {
        if (start >= limit) break
        // a span that overlaps the one before is the same mask, drawn out
        if (start >= from) text += line.slice(from, start) + maskText
        from = Math.max(from, end)
      }
      return from < limit ? text + line.slice(from, limit) : text
    },
  }
}
