import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expandTokens, JinjaError, renderText } from './render-text'

const CORPUS = new URL('../../../../shared/templates/', import.meta.url)
const present = existsSync(CORPUS)

interface Entry {
  readonly file: string
  readonly renders: readonly { readonly values: Record<string, string>; readonly outcome: string; readonly detail: { readonly line?: number } }[]
}

describe.skipIf(!present)(`templates from the wild${present ? '' : ' (skipped: no ../shared/templates)'}`, () => {
  const entries = present ? (JSON.parse(readFileSync(new URL('index.json', CORPUS), 'utf8')) as Entry[]) : []
  const read = (file: string) => readFileSync(new URL(file, CORPUS), 'utf8')

  it('render, or fail, as with Jinja2', () => {
    expect(entries.length).toBeGreaterThan(50)
    for (const { file, renders } of entries) {
      for (const { values, outcome } of renders) {
        const render = () => renderText(read(file), values)
        if (outcome === 'jinja-error') expect(render, file).toThrow(JinjaError)
        else expect(render, file).not.toThrow()
      }
    }
  })

  it('keep their text when they hold no tags', () => {
    for (const file of present ? readdirSync(CORPUS).filter((name) => name.endsWith('.yaml')) : []) {
      const source = read(file)
      if (/\{[{%#]/.test(source)) continue
      const rendered = renderText(source, {})
      expect(expandTokens(rendered, rendered.text)).toBe(source.replace(/\n$/, ''))
    }
  })

  it('render in under 10 ms once warm, the largest too', () => {
    const largest = read('docs__packaging-meshagent-support.yaml')
    const times = Array.from({ length: 20 }, () => {
      const started = performance.now()
      renderText(largest, {})
      return performance.now() - started
    })
    expect(Math.min(...times)).toBeLessThan(10)
  })
})
