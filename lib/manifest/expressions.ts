const CLOSERS: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' }

/** The insides of `{{ }}` and `{% %}` in a text, roughly: quotes and raw blocks are not looked at. Linear in its length. */
export function expressionsIn(text: string): string[] {
  const found: string[] = []
  let at = text.indexOf('{')
  while (at !== -1) {
    const opener = text.slice(at, at + 2)
    const closer = CLOSERS[opener]
    if (closer === undefined) {
      at = text.indexOf('{', at + 1)
      continue
    }
    const end = text.indexOf(closer, at + 2)
    // What is opened and never closed is a syntax error; nothing after it counts.
    if (end === -1) break
    if (opener !== '{#') found.push(text.slice(at + 2, end))
    at = text.indexOf('{', end + 2)
  }
  return found
}
