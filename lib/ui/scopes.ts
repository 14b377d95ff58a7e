/**
 * A token's scopes as short phrases, one a section: `storage`, `messaging: list, send`. Nothing is cut off.
 * @param api the `api` object of an environment token, as in the manifest
 */
export function scopePhrases(api: object): string[] {
  return Object.entries(api).flatMap(([section, content]: [string, unknown]) => {
    if (content === null || content === undefined || content === false) return []
    if (typeof content !== 'object') return [content === true ? section : `${section}: ${JSON.stringify(content)}`]
    const parts = Object.entries(content).flatMap(([key, value]: [string, unknown]) => {
      if (value === null || value === undefined || value === false) return []
      return [value === true ? key : `${key} ${JSON.stringify(value)}`]
    })
    return [parts.length === 0 ? section : `${section}: ${parts.join(', ')}`]
  })
}
