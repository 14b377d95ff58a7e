import type { PhaseName } from '@/lib/install/views'

export interface PhaseFace {
  label: string
  tone: 'neutral' | 'positive' | 'progress' | 'caution' | 'destructive'
  /** What a person can do now; empty when there is nothing to do. */
  next: string
}

/** How each phase is called and what to do about it. A missing secret has a form of its own. */
export const phaseFaces: Record<PhaseName, PhaseFace> = {
  Pending: { label: 'Waiting', tone: 'progress', next: 'It starts in a moment.' },
  Pulling: { label: 'Downloading', tone: 'progress', next: 'Large images take a few minutes. You may leave this page.' },
  Starting: { label: 'Starting', tone: 'progress', next: '' },
  Running: { label: 'Running', tone: 'positive', next: '' },
  Degraded: { label: 'Restarting', tone: 'caution', next: 'Read its log below: the last lines usually say why it ended.' },
  NeedsSecret: { label: 'Needs a secret', tone: 'caution', next: '' },
  Failed: { label: 'Failed', tone: 'destructive', next: 'Read its log below. Mend what it names (an answer, a secret, the template), then restart or update the service.' },
  Stopped: { label: 'Stopped', tone: 'neutral', next: '' },
  Removed: { label: 'Uninstalled', tone: 'neutral', next: '' },
}

export type StepState = 'done' | 'now' | 'waiting' | 'wrong' | 'later'

/**
 * The road of a start as steps. The secrets are stored before anything is deployed, so the first step is always done.
 * @param usesImage whether the runtime downloads an image
 */
export function startSteps(phase: PhaseName, usesImage: boolean): { label: string; state: StepState }[] {
  const place: Record<PhaseName, [number, StepState]> = {
    Pending: [1, 'now'],
    Pulling: [1, 'now'],
    NeedsSecret: [1, 'waiting'],
    Starting: [2, 'now'],
    Degraded: [3, 'waiting'],
    Failed: [2, 'wrong'],
    Running: [4, 'done'],
    Stopped: [4, 'done'],
    Removed: [4, 'done'],
  }
  const [at, state] = place[phase]
  const labels = ['Answers and secrets stored', usesImage ? 'Image downloaded' : 'Prepared', 'Started', 'Running']
  return labels.map((label, index) => ({ label, state: index < at ? 'done' : index === at ? state : 'later' }))
}
