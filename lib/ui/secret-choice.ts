interface SecretPlace {
  owner: string
  id: string
}

/** A secret's place as the value of a checkbox; owners and ids may hold any character. */
export const secretValue = ({ owner, id }: SecretPlace): string => `${encodeURIComponent(owner)}/${encodeURIComponent(id)}`

/** The place that `secretValue` wrote, or null for anything else. */
export function secretPlace(value: unknown): SecretPlace | null {
  const parts = typeof value === 'string' ? value.split('/') : []
  const [owner, id] = parts
  if (owner === undefined || id === undefined || parts.length !== 2) return null
  try {
    return { owner: decodeURIComponent(owner), id: decodeURIComponent(id) }
  } catch {
    return null
  }
}
