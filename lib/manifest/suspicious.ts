/**
 * Characters in names that a reader cannot see or would take for others. Sources: Unicode's Default_Ignorable_Code_Point and
 * general categories; the letters are those of Cyrillic and Greek whose usual shapes are Latin ones (Unicode TR39, confusables).
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u115f\u1160\u2800\u3164\uffa0]/u
const ODD_SPACE = /[^\P{Zs} ]/u
/** A joiner or variation selector after a pictograph is part of an emoji. */
const EMOJI_JOIN = /(\p{Extended_Pictographic}[\p{Emoji_Modifier}]?)[\ufe0e\ufe0f\u200d]+(?=\p{Extended_Pictographic}|$|[^\p{L}\p{N}])/gu
const LOOKALIKE_LETTER = /[аеорсухіјѕԁԛԝһӏԍүѵꙇАВЕКМНОРСТХУІЈЅԌԚԜҮӀαινορτυϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ]/u
const LATIN_LOOKALIKE = /[ıȷɑɡɩʋᴏᴜᴠᴡᴢꜱƽǀ]/u
const LOOKALIKE_SIGN = /[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d\u2024\u2025\u2027\u2215\u2044\u29f8\u02d0\ua789\u2236\uff3f\ufe4d-\ufe4f\u02bc\u2018\u2019\u2032]/u
const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Hebrew', 'Arabic'] as const

const scriptPatterns = SCRIPTS.map((script) => new RegExp(`\\p{Script=${script}}`, 'u'))

/**
 * Why a name may mislead its reader, as a sentence part; null if it does not.
 * @param prose true for free text such as a service's name, where blanks at the ends and dashes are ordinary.
 */
export function suspicion(name: string, prose = false): string | null {
  const visible = name.replace(EMOJI_JOIN, '$1')
  if (INVISIBLE.test(visible)) return `has an invisible character (${codePoint(INVISIBLE.exec(visible))})`
  if (ODD_SPACE.test(visible)) return `has a space that is not an ordinary one (${codePoint(ODD_SPACE.exec(visible))})`
  if (!prose && visible !== visible.trim()) return 'begins or ends with a space'
  for (const word of visible.split(/[^\p{L}\p{M}\p{N}]+/u)) {
    if (scriptPatterns.filter((pattern) => pattern.test(word)).length > 1) return 'mixes letters of several scripts in one word'
    const letters = [...word].filter((ch) => /\p{L}/u.test(ch))
    if (letters.length > 0 && letters.every((ch) => LOOKALIKE_LETTER.test(ch))) return 'is written in letters that look like Latin ones but are not'
    if (LATIN_LOOKALIKE.test(word)) return `has a letter that looks like another (${codePoint(LATIN_LOOKALIKE.exec(word))})`
    const plain = word.normalize('NFKC')
    if (plain !== word.normalize('NFC') && /^[\x20-\x7e]*$/.test(plain)) return 'has letters or digits in a form that looks like plain ones'
  }
  if (!prose && LOOKALIKE_SIGN.test(visible)) return `has a sign that looks like a plain one (${codePoint(LOOKALIKE_SIGN.exec(visible))})`
  return null
}

function codePoint(found: RegExpExecArray | null): string {
  return `U+${(found?.[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
