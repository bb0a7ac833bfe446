import { beforeEach, describe, expect, it } from 'vitest'
import { OnionWatch } from '../../../src/ops/onion/watch.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
let watch: OnionWatch
const fail = (times: number): void => {
  for (let i = 0; i < times; i += 1) watch.failed('unreachable')
}

beforeEach(() => {
  watch = new OnionWatch()
})

/** The minutes between the restarts of a tor that stays unreachable, probed every minute. */
function restartGaps(hours: number): number[] {
  const restarts: number[] = []
  for (let nowMs = 0; nowMs < hours * hourMs; nowMs += minuteMs) {
    watch.failed('unreachable')
    if (!watch.isRestartDue(nowMs)) continue
    watch.restarted(nowMs)
    restarts.push(nowMs)
  }
  return restarts.slice(1).map((ms, index) => (ms - (restarts[index] ?? 0)) / minuteMs)
}

describe('OnionWatch', () => {
  it('knows nothing before the first probe', () => {
    expect(watch.status()).toEqual({ state: 'unknown', restarts: 0 })
    expect(watch.sinceProofMs(0)).toBe(Infinity)
  })

  it('ignores two circuits that fail, and reports the third', () => {
    watch.proved(0)
    fail(2)
    expect(watch.status().state).toBe('reachable')
    expect(watch.isRestartDue(hourMs)).toBe(false)
    watch.proved(1)
    fail(2)
    expect(watch.isRestartDue(hourMs)).toBe(false)
    fail(1)
    expect(watch.status().state).toBe('unreachable')
    expect(watch.isRestartDue(hourMs)).toBe(true)
  })

  it('leaves a tor that is down to its supervisor', () => {
    for (let i = 0; i < 9; i += 1) watch.failed('tor down')
    expect(watch.status().state).toBe('tor down')
    expect(watch.isRestartDue(hourMs)).toBe(false)
  })

  it('waits twice as long each time a restart has not helped, six hours at the most', () => {
    expect(restartGaps(36)).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360, 360, 360])
  })

  it.each([
    ['has lasted an hour', hourMs, 5],
    ['has not lasted an hour', hourMs - 1, 80],
  ])(
    'begins anew with the shortest pause only after being reachable %s',
    (_how, heldMs, expected) => {
      restartGaps(1)
      expect(watch.status().restarts).toBe(4)
      watch.proved(2 * hourMs)
      watch.proved(2 * hourMs + heldMs)
      const againMs = 10 * hourMs
      fail(3)
      expect(watch.isRestartDue(againMs)).toBe(true)
      watch.restarted(againMs)
      expect([
        watch.isRestartDue(againMs + expected * minuteMs - 1),
        watch.isRestartDue(againMs + expected * minuteMs),
      ]).toEqual([false, true])
    },
  )

  it('starts counting restarts again after the onion was reachable', () => {
    watch.proved(0)
    fail(3)
    watch.proved(2 * hourMs)
    fail(3)
    watch.restarted(2 * hourMs)
    fail(3)
    watch.restarted(3 * hourMs)
    expect(watch.isRestartDue(3 * hourMs + 9 * minuteMs)).toBe(false)
  })

  it('forgets its state while the onion cannot be probed', () => {
    fail(3)
    watch.forget()
    expect(watch.status().state).toBe('unknown')
    expect(watch.isFailing).toBe(false)
    fail(2)
    expect(watch.isRestartDue(hourMs)).toBe(false)
  })
})
