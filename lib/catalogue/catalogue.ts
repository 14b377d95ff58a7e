import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { AppError } from '@/lib/errors'

/** The templates that come with Latchkey: one YAML file each, named after its id. */

const folder = (): string => path.join(process.cwd(), 'lib', 'catalogue', 'templates')

export interface CatalogueEntry {
  id: string
  name: string
  description: string
  /** An emoji. */
  icon: string
  /** What the form will ask for, in its order. */
  asks: readonly { label: string; optional: boolean; secret: boolean }[]
}

/** What the overview shows. Our own templates are YAML before they are rendered too (a test holds them to it). */
const Overview = z.object({
  metadata: z.object({ name: z.string(), description: z.string(), icon: z.string() }),
  variables: z.array(
    z.object({
      name: z.string(),
      title: z.string().optional(),
      optional: z.boolean().default(false),
      annotations: z.record(z.string(), z.string()).default({}),
    }),
  ),
})

const ids = async (): Promise<string[]> => (await readdir(folder())).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length))

/** All built-in templates, by name. */
export async function listCatalogue(): Promise<CatalogueEntry[]> {
  const entries = (await ids()).map(async (id): Promise<CatalogueEntry> => {
    const { metadata, variables } = Overview.parse(parse(await readFile(path.join(folder(), `${id}.yaml`), 'utf8')))
    const asks = variables.map(({ name, title, optional, annotations }) => ({ label: title ?? name, optional, secret: (annotations['meshagent.secret.id'] ?? '') !== '' }))
    return { id, ...metadata, asks }
  })
  return (await Promise.all(entries)).sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

/**
 * The text of a built-in template.
 * @throws AppError 'not-found' for an id that is not listed.
 */
export async function catalogueText(id: string): Promise<string> {
  if (!(await ids()).includes(id)) throw new AppError('not-found', 'There is no such template in the catalogue.')
  return readFile(path.join(folder(), `${id}.yaml`), 'utf8')
}
