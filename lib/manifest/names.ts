/** Words that Jinja itself gives a meaning wherever a name could be printed. Found by printing each with Jinja 3.1. */
const RESERVED = new Set(['true', 'false', 'none', 'True', 'False', 'None', 'not', 'self'])
const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u

/** Why `{{ name }}` cannot print a variable of this name; null if it can. */
export function unprintable(name: string): 'reserved-name' | 'unusable-name' | null {
  if (RESERVED.has(name)) return 'reserved-name'
  return IDENTIFIER.test(name) ? null : 'unusable-name'
}
