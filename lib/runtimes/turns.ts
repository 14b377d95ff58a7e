/** Lets work for one id follow each other, while other ids go on. */
export type Turns = <T>(id: string, work: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return (id, work) => {
    const result = (last.get(id) ?? Promise.resolve()).then(work)
    const settled = result.catch(() => undefined)
    last.set(id, settled)
    void settled.then(() => {
      if (last.get(id) === settled) last.delete(id)
    })
    return result
  }
}
