interface InstallPlace {
  url?: string | undefined
  template?: string | undefined
  catalogue?: string | undefined
  room?: string | undefined
  project?: string | undefined
  step?: 'place' | 'form' | undefined
}

/** An address of the install wizard. */
export function installPath(place: InstallPlace): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries<string | undefined>({ ...place })) if (value !== undefined) query.set(name, value)
  return query.size === 0 ? '/install' : `/install?${query}`
}
