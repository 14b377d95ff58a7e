/**
 * The template's address: itself, or what an install link (`https://host/install?url=...`) leads to. Text that is no
 * address comes back as it is, for the fetch to refuse with a reason.
 */
export function templateAddress(text: string): string {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) return trimmed
  const address = new URL(trimmed)
  const inner = /\/install\/?$/.test(address.pathname) ? address.searchParams.get('url') : null
  return inner === null || inner === '' ? trimmed : inner
}
