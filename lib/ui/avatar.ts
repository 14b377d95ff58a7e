/**
 * The mark of a service: its icon when that is an emoji, else the first letter of its name. Addresses of images are
 * never loaded: that would tell a stranger's server who looks at the page.
 */
export function avatarText(icon: string | null | undefined, name: string): string {
  const emoji = icon?.match(/^(?:\p{Extended_Pictographic}|\p{Regional_Indicator})[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\u200d\ufe0f]{0,12}$/u)
  if (emoji) return emoji[0]
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? '?'
}
