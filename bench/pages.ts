import { inOwnProcess } from './child'
import type { PageWeight, PageWeights } from './install-pages'
import { judge, kilobytes, row, say, title } from './report'

const TARGET_KB = 60
const LIMIT_MS = 120_000

/** Client JavaScript of the install page's states, against a bare page. */
export async function benchPages(): Promise<void> {
  title('Client JavaScript of the install page, gzipped, against a bare Next page')
  const { bare, pages } = await inOwnProcess<PageWeights>('install-pages', [], {}, LIMIT_MS)
  weight(bare, bare)
  for (const page of pages) weight(page, bare)
  for (const page of pages) judge(`${page.name}: over the bare page`, (page.bytes - bare.bytes) / 1000, TARGET_KB, 'KB')
}

function weight(page: PageWeight, bare: PageWeight): void {
  const over = page === bare ? [] : [`${kilobytes(page.bytes - bare.bytes)} over`, `${(page.bytes / bare.bytes).toFixed(2)} x the bare page`]
  row(page.name, `${kilobytes(page.bytes)} in ${String(page.scripts)} scripts`, ...over)
  for (const script of page.largest) say(`    ${kilobytes(script.bytes).padStart(8)}  ${script.path.split('/').at(-1) ?? ''}${script.holds === '' ? '' : `  ${script.holds}`}`)
}
