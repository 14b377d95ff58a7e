const CASED = /[\p{Lu}\p{Ll}\p{Lt}]/u

export function capitalize(text: string): string {
  const [first = ''] = text
  return titleCase(first) + text.slice(first.length).toLowerCase()
}

/** Python titles a letter that has a title form of its own (as `ǆ`) differently from upper case; JavaScript knows upper case only. */
const titleCase = (character: string) => character.toUpperCase()

/** Python's `str.title()`: upper case after anything that is not a cased letter. */
export function titleText(text: string): string {
  let inWord = false
  let result = ''
  for (const character of text) {
    result += inWord ? character.toLowerCase() : character.toUpperCase()
    inWord = CASED.test(character)
  }
  return result
}

/** Jinja's `title` filter: upper case at the start and after space, `-`, `(`, `{`, `[`, `<`. */
export function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((item) => {
      const [first = ''] = item
      return first.toUpperCase() + item.slice(first.length).toLowerCase()
    })
    .join('')
}

export function swapCase(text: string): string {
  return Array.from(text, (character) => (/\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase())).join('')
}

/** Python's `islower`/`isupper`: cased letters, all of this case. */
export const isAllCase = (text: string, wanted: 'lower' | 'upper'): boolean =>
  CASED.test(text) && !(wanted === 'lower' ? /[\p{Lu}\p{Lt}]/u : /[\p{Ll}\p{Lt}]/u).test(text)
