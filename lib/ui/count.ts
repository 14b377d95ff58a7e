/** `1 room`, `3 rooms`. */
export const count = (amount: number, one: string, many = `${one}s`): string => `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`
