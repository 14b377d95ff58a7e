import { describe, expect, it } from 'vitest'
import { phaseFaces, startSteps } from './phase'

describe('the steps of a start', () => {
  it('are all done when the service runs, and never before', () => {
    expect(startSteps('Running', true).every(({ state }) => state === 'done')).toBe(true)
    for (const phase of ['Pending', 'Pulling', 'Starting', 'NeedsSecret', 'Failed', 'Degraded'] as const) {
      expect(startSteps(phase, true).every(({ state }) => state === 'done')).toBe(false)
    }
  })
  it('show the stored secrets as done from the first moment', () => {
    expect(startSteps('Pending', true).map(({ state }) => state)).toEqual(['done', 'now', 'later', 'later'])
  })
  it('do not speak of an image where none is used', () => {
    expect(startSteps('Starting', false).some(({ label }) => label.includes('mage'))).toBe(false)
  })
})

it('tells what to do where a service does not stay up', () => {
  for (const phase of ['Failed', 'Degraded'] as const) expect(phaseFaces[phase].next).not.toBe('')
})
