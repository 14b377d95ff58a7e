import { gzipSync } from 'node:zlib'

export interface Script {
  readonly path: string
  /** Bytes, gzipped at level 6. */
  readonly size: number
  readonly text: string
}

const LEVEL = 6
const TAG = /<(script|link)\b[^>]*>/g

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1]

/** Scripts that a browser of today loads for the HTML: by src, by preload, and the chunks that the page's data names for React to load. */
function scriptPaths(html: string): Set<string> {
  const tags = [...html.matchAll(TAG)].map(([tag]) => tag)
  const old = new Set(tags.filter((tag) => /\snomodule\b/i.test(tag)).map((tag) => attribute(tag, 'src')))
  const tagged = tags.flatMap((tag) => {
    const isScript = tag.startsWith('<script') || attribute(tag, 'rel') === 'modulepreload' || attribute(tag, 'as') === 'script'
    return isScript ? [attribute(tag, 'src') ?? attribute(tag, 'href') ?? []].flat() : []
  })
  const named = [...html.matchAll(/(?:\/_next\/)?(static\/chunks\/[\w./~%-]+?\.js)/g)].map(([, path = '']) => `/_next/${path}`)
  const paths = new Set([...tagged, ...named].map((path) => path.split('?')[0] ?? path))
  for (const path of old) if (path !== undefined) paths.delete(path.split('?')[0] ?? path)
  return paths
}

/** Fetches the scripts of a page's HTML, largest first. */
export async function scriptsOf(html: string, origin: string): Promise<Script[]> {
  const scripts = [...scriptPaths(html)].map(async (path): Promise<Script> => {
    const answer = await fetch(new URL(path, origin))
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}.`)
    const text = await answer.text()
    return { path, size: gzipSync(text, { level: LEVEL }).length, text }
  })
  return (await Promise.all(scripts)).sort((a, b) => b.size - a.size)
}

export const total = (scripts: readonly Script[]): number => scripts.reduce((sum, { size }) => sum + size, 0)

/** What gives a library away in minified text. */
const MARKS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['react-dom', /rendererPackageName:"react-dom"/],
  ['Next router', /navigation-untracked|next-router-state-tree/i],
  ['zod', /invalid_union|ZodError/],
  ['react-hook-form', /shouldUnregister/],
  ['radix-ui', /data-radix|onEscapeKeyDown/],
  ['tailwind-merge', /conflictingClassGroups/],
  ['lucide icons', /lucide/],
  ['react-markdown', /mdast|hast/],
  ['next-auth', /next-auth|csrfToken/],
  ['yaml', /YAMLParseError|ScalarToken/],
]

/** Names of the libraries found in a script. */
export const holds = ({ text }: Script): string => MARKS.filter(([, mark]) => mark.test(text)).map(([name]) => name).join(', ')
