import type { Inspection } from '@/lib/manifest/inspect'
import type { RuntimeHealth, RuntimeName } from '@/lib/runtimes/runtime'

/** What the wizard and the service pages show. Nothing here ever holds a secret or an obscured value. */

/** One field of the install form, in manifest order. */
export interface Field {
  /** The variable's name; form libraries that read dots and brackets as paths need keys of their own. */
  name: string
  label: string
  help: string | null
  optional: boolean
  kind: 'text' | 'email' | 'route' | 'enum'
  options: readonly string[]
  obscured: boolean
  /** Where the value goes, when it is stored as a room secret. */
  secret: { id: string; owner: string } | null
}

/** A warning that the installer has to accept by its own tick. `key` goes back with the request. */
export interface Tick {
  key: string
  code: string
  message: string
  line: number
}

/** What is installed already under the same service id in the chosen room. */
export interface ExistingInstallation {
  installationId: string
  name: string
  /** Plain inputs by variable name. */
  prefill: Readonly<Record<string, string>>
  /** Variables whose obscured or secret value is stored, so that blank means keep. */
  kept: readonly string[]
  sameTemplate: boolean
}

export interface RuntimeView extends RuntimeHealth {
  name: RuntimeName
}

export interface TemplateReview {
  digest: string
  sourceUrl: string | null
  inspection: Inspection
  fields: readonly Field[]
  ticks: readonly Tick[]
  /** Sentences that stop an installation of this template; empty when it can be installed. */
  stops: readonly string[]
  routeDomains: readonly string[]
  runtime: RuntimeView
  existing: ExistingInstallation | null
}

export type PhaseName = 'Pending' | 'Pulling' | 'Starting' | 'Running' | 'Degraded' | 'NeedsSecret' | 'Failed' | 'Stopped' | 'Removed'

export interface StatusView {
  phase: PhaseName
  reason: string
  generation: number
  observedGeneration: number
  restarts: number
  exitCode: number | null
  startedAt: string | null
  imageDigest: string | null
  attempts: number
}

export interface EventView {
  id: string
  at: string
  phase: PhaseName
  message: string
}

export interface ServiceSecretView {
  owner: string
  id: string
  /** Environment names that read it. */
  environment: readonly string[]
  present: boolean
  /** Stored by this installation (and so offered for deletion at uninstall). */
  written: boolean
  /** Names of other services in the room that read or write it. */
  usedBy: readonly string[]
}

export interface ServiceSummary {
  installationId: string
  serviceId: string
  name: string
  status: StatusView
}

export interface ServiceView extends ServiceSummary {
  roomId: string
  projectId: string
  description: string | null
  sourceUrl: string | null
  templateDigest: string
  image: string | null
  command: string | null
  inputs: readonly { label: string; value: string }[]
  secrets: readonly ServiceSecretView[]
  events: readonly EventView[]
  runtime: RuntimeView
  installedBy: string
  installedAt: string
}
