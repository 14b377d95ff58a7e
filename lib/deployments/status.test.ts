import { describe, expect, it } from 'vitest'
import type { Observation } from '@/lib/runtimes/runtime'
import { foldStatus, nextLook, retryDelay } from './status'

const seen = (more: Partial<Observation>): Observation => ({
  state: 'running', generation: 1, restarts: 0, exitCode: null, startedAt: null, imageDigest: null, ...more,
})

describe('foldStatus', () => {
  it('calls a service Running only while its command runs', () => {
    expect(foldStatus(seen({})).phase).toBe('Running')
    for (const state of ['pulling', 'starting', 'restarting', 'exited', 'absent'] as const) expect(foldStatus(seen({ state })).phase).not.toBe('Running')
  })

  it('names the exit code, and turns from Degraded to Failed when crashes repeat', () => {
    const once = foldStatus(seen({ state: 'restarting', exitCode: 1, restarts: 0 }))
    expect(once.phase).toBe('Degraded')
    expect(once.reason).toContain('code 1')
    expect(foldStatus(seen({ state: 'restarting', exitCode: 1, restarts: 3 })).phase).toBe('Failed')
  })
})

describe('waiting', () => {
  it('doubles between attempts, up to five minutes and a fifth', () => {
    expect(retryDelay(0, 0)).toBe(1_000)
    expect(retryDelay(3, 0)).toBe(8_000)
    expect(retryDelay(1_000, 1)).toBe(360_000)
  })

  it('looks often after a change and seldom at what runs well', () => {
    const running = { phase: 'Running', reason: '' } as const
    expect(nextLook(running, 0)).toBeLessThan(nextLook(running, 10_000))
    expect(nextLook(running, 10_000)).toBeLessThan(nextLook(running, 60_000))
  })
})
