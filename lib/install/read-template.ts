import type { Tx, Database } from '@/lib/db/client'
import { notFound } from '@/lib/errors'

/** The text stored under a digest. @throws AppError not-found */
export async function readTemplate(db: Database | Tx, digest: string): Promise<string> {
  const row = await db.template.findUnique({ where: { digest }, select: { text: true } })
  if (!row) throw notFound('The template')
  return row.text
}
