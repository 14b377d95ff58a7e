/** Header in which proxy.ts hands the path and query of a page request to the page, untouched. */
export const pathHeader = 'x-latchkey-path'
