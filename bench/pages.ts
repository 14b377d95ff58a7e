import { inOwnProcess } from './child'
import type { PageWeight, PageWeights } from './install-pages'
import { judge, kilobytes, row, say, title } from './report'

const TARGET_KB = 60
const LIMIT_MS = 120_000

/** Client JavaScript of the install page's states, against a bare page. */
export async function benchPages(): Promise<void> {
  title('Client JavaScript of the install page, gzipped, against a bare Next page')
  const { bare, pages } = await inOwnProcess<PageWeights>('install-pages', [], {}, LIMIT_MS)
  const pagesBefore: PageWeight[] = []
  for (const page of [bare, ...pages]) {
    const over = page === bare ? [] : [`${kilobytes(page.bytes - bare.bytes)} over`, `${(page.bytes / bare.bytes).toFixed(2)} x the bare page`]
    row(page.name, `${kilobytes(page.bytes)} in ${page.scripts} scripts`, ...over)
    const twin = pagesBefore.find((before) => sameScripts(before, page))
    if (twin) say(`      the same scripts as ${twin.name}`)
    else for (const script of page.largest) say(`    ${kilobytes(script.bytes).padStart(8)}  ${script.path.split('/').at(-1) ?? ''}  ${script.holds}`.trimEnd())
    pagesBefore.push(page)
  }
  for (const page of pages) judge(`${page.name}: over the bare page`, (page.bytes - bare.bytes) / 1000, TARGET_KB, 'KB')
}

const sameScripts = (a: PageWeight, b: PageWeight): boolean => a.bytes === b.bytes && a.scripts === b.scripts && a.largest.every(({ path }, index) => path === b.largest[index]?.path)
