export type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>

/** The first value of a query parameter; undefined when it is absent or empty. */
export async function queryText(search: SearchParams, name: string): Promise<string | undefined> {
  const value = (await search)[name]
  const first = Array.isArray(value) ? value[0] : value
  return first === '' ? undefined : first
}
