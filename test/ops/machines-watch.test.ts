import { beforeEach, describe, expect, it } from 'vitest'
import {
  choresPatienceMs,
  createMachinesWatch,
  missingAfterMs,
} from '../../src/ops/machines-watch.ts'
import type { Heartbeat } from '../../src/queue/heartbeat.ts'

const names = { one: 'worker-00000001', two: 'worker-00000002', three: 'worker-00000003' }

function worker(
  instance: string,
  isChief = false,
  chain: { day: string; head: string } | null = null,
) {
  const machine = { isChief, chain }
  return { role: 'worker', instance, draining: false, gauges: null, machine } satisfies Heartbeat
}

let nowMs = 0
let now = new Date('2026-11-23T12:07:41Z')
beforeEach(() => {
  nowMs = 0
  now = new Date('2026-11-23T12:07:41Z')
})

const open = () =>
  createMachinesWatch({
    clock: { now: () => now },
    stepMinutes: 15,
    monotonicMs: () => nowMs,
  })

function lookFor(watch: ReturnType<typeof open>, ms: number, heartbeats: readonly Heartbeat[]) {
  for (const end = nowMs + ms; nowMs <= end; nowMs += 2000) watch.look(heartbeats)
  return watch.state()
}

describe('the worker that does the work for all machines', () => {
  it('is named with the step since which it does so', () => {
    const watch = open()
    lookFor(watch, 0, [worker(names.one, true), worker(names.two)])
    now = new Date('2026-11-23T12:31:00Z')
    expect(watch.state().chiefs).toEqual([
      { instance: names.one, since: new Date('2026-11-23T12:00:00Z') },
    ])
    lookFor(watch, 0, [worker(names.one), worker(names.two, true)])
    expect(watch.state().chiefs).toEqual([
      { instance: names.two, since: new Date('2026-11-23T12:30:00Z') },
    ])
  })

  it.each([
    ['nobody', [worker(names.one), worker(names.two)]],
    ['several', [worker(names.one, true), worker(names.two, true)]],
  ] as const)('is reported when it is %s for longer than a change takes', (trouble, heartbeats) => {
    const watch = open()
    expect(lookFor(watch, choresPatienceMs - 4000, heartbeats).trouble).toBeNull()
    expect(lookFor(watch, 6000, heartbeats).trouble).toBe(trouble)
    expect(lookFor(watch, 0, [worker(names.one, true), worker(names.two)]).trouble).toBeNull()
  })

  it('is unknown while a worker of an earlier version runs, or none', () => {
    const old = { ...worker(names.two), machine: null }
    expect(lookFor(open(), 2 * choresPatienceMs, [worker(names.one), old]).trouble).toBeNull()
    expect(lookFor(open(), 2 * choresPatienceMs, []).trouble).toBeNull()
  })
})

describe('a process that is missing', () => {
  it('is reported after a minute, and until another one comes', () => {
    const watch = open()
    lookFor(watch, 40_000, [worker(names.one), worker(names.two)])
    expect(lookFor(watch, missingAfterMs - 4000, [worker(names.one)]).missing).toBe(0)
    expect(lookFor(watch, 6000, [worker(names.one)]).missing).toBe(1)
    expect(lookFor(watch, 0, [worker(names.one), worker(names.three)]).missing).toBe(0)
    expect(
      lookFor(watch, missingAfterMs * 2, [worker(names.one), worker(names.three)]).missing,
    ).toBe(0)
  })

  it('is not one that starts again, although its last heartbeat stays for a while', () => {
    const watch = open()
    lookFor(watch, 40_000, [worker(names.one), worker(names.two)])
    lookFor(watch, 20_000, [worker(names.one), worker(names.two), worker(names.three)])
    const state = lookFor(watch, 2 * missingAfterMs, [worker(names.one), worker(names.three)])
    expect(state.missing).toBe(0)
  })

  it('is not one that ended in order', () => {
    const watch = open()
    lookFor(watch, 40_000, [worker(names.one), worker(names.two)])
    lookFor(watch, 4000, [worker(names.one), { ...worker(names.two), draining: true }])
    expect(lookFor(watch, 2 * missingAfterMs, [worker(names.one)]).missing).toBe(0)
  })

  it('is forgotten after a day', () => {
    const watch = open()
    lookFor(watch, 40_000, [worker(names.one), worker(names.two)])
    expect(lookFor(watch, 2 * missingAfterMs, [worker(names.one)]).missing).toBe(1)
    nowMs += 86_400_000
    expect(lookFor(watch, 0, [worker(names.one)]).missing).toBe(0)
  })
})

describe('the chains', () => {
  it('are those of our workers, whatever is written to Redis', () => {
    const chain = { day: '2026-11-22', head: 'a'.repeat(16) }
    const forged = worker('worker-1"} 1\nforged', true, chain)
    const state = lookFor(open(), 0, [worker(names.one, false, chain), forged])
    expect(state.chains).toEqual([{ instance: names.one, ...chain }])
    expect(state.chiefs).toEqual([])
  })
})
