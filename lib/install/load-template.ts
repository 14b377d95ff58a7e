import { createHash } from 'node:crypto'
import type { Call } from '@/lib/call'
import { record } from '@/lib/audit/record'
import { catalogueText } from '@/lib/catalogue/catalogue'
import { env } from '@/lib/env'
import { fetchTemplate } from '@/lib/manifest/fetch-template'
import { normalizeUpload } from '@/lib/manifest/template-text'

export type TemplateSource = { url: string } | { text: string } | { catalogue: string }

/** Texts that nothing was installed from are forgotten after this many days. */
const KEEP_DAYS = 7

/** The name of a text: what was reviewed under it is what installs. */
export const templateDigest = (text: string): string => `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`

async function textOf(source: TemplateSource): Promise<{ text: string; sourceUrl: string | null }> {
  if ('text' in source) return { text: normalizeUpload(new TextEncoder().encode(source.text)), sourceUrl: null }
  if ('catalogue' in source) return { text: await catalogueText(source.catalogue), sourceUrl: null }
  const fetched = await fetchTemplate(source.url, { allow: env().LATCHKEY_FETCH_ALLOW })
  return { text: fetched.text, sourceUrl: source.url }
}

/**
 * Brings in a template's text and stores it by digest. The text may be anything: reviewing it tells what is wrong with it.
 * @throws AppError that names the cause when a URL cannot be fetched or a text is too large or not text.
 */
export async function loadTemplate(call: Call, source: TemplateSource): Promise<{ digest: string; sourceUrl: string | null }> {
  const { text, sourceUrl } = await textOf(source)
  const digest = templateDigest(text)
  await call.db.$transaction(async (tx) => {
    await tx.template.deleteMany({
      where: { installations: { none: {} }, createdAt: { lt: new Date(Date.now() - KEEP_DAYS * 86_400_000) }, NOT: { digest } },
    })
    await tx.template.createMany({ data: [{ digest, text }], skipDuplicates: true })
    await record(tx, call, { action: 'template:load', target: digest })
  })
  return { digest, sourceUrl }
}
