/**
 * What a participant token may do. A section that is present (even empty) is granted with its defaults; an absent one is denied.
 * The three presets are those of the ecosystem's SDKs, version 0.39.
 */
export type ApiScope = Readonly<Record<string, object | undefined>>

const agentSections = [
  'livekit', 'queues', 'messaging', 'dataset', 'memory', 'sync', 'storage', 'containers', 'developer', 'agents', 'llm', 'services', 'secrets',
] as const

const scopeOf = (sections: readonly string[]): ApiScope => Object.fromEntries(sections.map((section) => [section, {}]))

/** Everything but admin and tunnels. */
export const agentDefaultScope: ApiScope = scopeOf(agentSections)

/** The agent default without language models. */
export const userDefaultScope: ApiScope = scopeOf(agentSections.filter((section) => section !== 'llm'))
