import { describe, expect, it } from 'vitest'
import { createPresence } from '../../src/ops/presence.ts'
import { createQueueWatch } from '../../src/ops/queue-watch.ts'
import type { Heartbeat } from '../../src/queue/heartbeat.ts'

const beatOf = (role: string, instance: string, draining = false): Heartbeat => ({
  role,
  instance,
  draining,
  gauges: null,
  machine: null,
})

function watched() {
  let nowMs = 0
  let present: Heartbeat[] = []
  const presence = createPresence({ read: async () => present, monotonicMs: () => nowMs })
  return {
    presence,
    /** Reads the heartbeats every two seconds, as ops does. */
    pass: async (seconds: number, beats: Heartbeat[]) => {
      present = beats
      for (const endMs = nowMs + seconds * 1000; nowMs < endMs; nowMs += 2000)
        await presence.heartbeats()
      return await presence.heartbeats()
    },
  }
}

describe('createPresence', () => {
  it('still shows each process for 6 s after Redis was emptied, and no longer', async () => {
    const { pass } = watched()
    const worker = beatOf('worker', 'a')
    await pass(10, [worker])
    expect(await pass(6, [])).toEqual([worker])
    expect(await pass(2, [])).toEqual([])
  })

  it('counts processes side by side only after longer than a killed one stays in Redis', async () => {
    const { presence, pass } = watched()
    await pass(60, [beatOf('worker', 'a')])
    const both = [beatOf('worker', 'a'), beatOf('worker', 'b')]
    await pass(20, both)
    expect(presence.sideBySide('worker')).toBe(1)
    await pass(4, both)
    expect(presence.sideBySide('worker')).toBe(2)
    expect(presence.sideBySide('intake')).toBe(0)
    await pass(8, [beatOf('worker', 'a')])
    expect(presence.sideBySide('worker')).toBe(1)
  })

  it('does not count a process that is ending', async () => {
    const { presence, pass } = watched()
    await pass(60, [beatOf('worker', 'a'), beatOf('worker', 'b', true)])
    expect(presence.sideBySide('worker')).toBe(1)
  })

  it('does not count a process that fails at each start', async () => {
    const { presence, pass } = watched()
    for (let life = 0; life < 10; life += 1)
      await pass(4, [beatOf('worker', 'a'), beatOf('worker', `life ${life}`)])
    expect(presence.sideBySide('worker')).toBe(1)
  })
})

describe('createQueueWatch', () => {
  it('is stuck when the next job is the same and none is under way', () => {
    const watch = createQueueWatch()
    expect(watch.isStuck(['newer', 'next'], 0)).toBe(false)
    expect(watch.isStuck(['newest', 'newer', 'next'], 0)).toBe(true)
  })

  it.each([
    ['another job is next', ['newer'], 0],
    ['a job is under way', ['newer', 'next'], 1],
    ['no job waits', [], 0],
  ])('is not stuck when %s', (_, waiting, active) => {
    const watch = createQueueWatch()
    watch.isStuck(['newer', 'next'], 0)
    expect(watch.isStuck(waiting, active)).toBe(false)
  })
})
