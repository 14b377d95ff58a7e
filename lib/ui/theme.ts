export type Theme = 'system' | 'light' | 'dark'

export const THEME_COOKIE = 'latchkey-theme'

export const themeOf = (cookie: string | undefined): Theme => (cookie === 'light' || cookie === 'dark' ? cookie : 'system')
