import { beforeEach, describe, expect, it } from 'vitest'
import { SMALL_BYTES, SpaceState } from '../../src/server/space-state.ts'

const GIBIBYTE = 2 ** 30
const STEP_MS = 15 * 60_000

let nowMs: number
let free: number
let hasDisk: boolean

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 23, 12, 1)
  free = 10 * GIBIBYTE
  hasDisk = true
})

const make = () =>
  new SpaceState({
    freeBytes: () => {
      if (!hasDisk) throw new Error('no such folder')
      return free
    },
    maxBytes: 2 * GIBIBYTE,
    stepMinutes: 15,
    clock: { now: () => new Date(nowMs) },
  })

function levelWith(state: SpaceState, bytes: number): string {
  free = bytes
  nowMs += STEP_MS
  state.look()
  return state.level
}

const refusal = expect.objectContaining({ code: 'NO_SPACE' })

describe('SpaceState', () => {
  it('changes only at step boundaries', () => {
    const state = make()
    free = 0
    state.look()
    nowMs += 14 * 60_000 - 1
    state.look()
    expect(state.level).toBe('open')
    nowMs += 1
    state.look()
    expect(state.level).toBe('closed')
  })

  it('becomes better only when a quarter more is free than at the limit', () => {
    const state = make()
    expect(
      [2, 2 - 1e-9, 2, 2.49, 2.5].map((gibibytes) => levelWith(state, gibibytes * GIBIBYTE)),
    ).toEqual(['open', 'small only', 'small only', 'small only', 'open'])
    const kibibyte = 1024
    expect([127, 128, 159, 160].map((kib) => levelWith(state, kib * kibibyte))).toEqual([
      'closed',
      'closed',
      'closed',
      'small only',
    ])
  })

  it('refuses by its level and never by what is free just now', () => {
    const state = make()
    free = 0
    expect(() => state.admit(2 * GIBIBYTE)).not.toThrow()
    expect(levelWith(state, GIBIBYTE)).toBe('small only')
    expect(() => state.admit(SMALL_BYTES)).not.toThrow()
    expect(() => state.admit(SMALL_BYTES + 1)).toThrow(refusal)
    levelWith(state, 0)
    expect(() => state.admit(1)).toThrow(refusal)
  })

  it('keeps 256 MiB for small envelopes while real bytes of a large one arrive', () => {
    const state = make()
    free = GIBIBYTE / 4
    expect(() => state.admitMore(SMALL_BYTES + 1)).not.toThrow()
    free -= 1
    expect(() => state.admitMore(SMALL_BYTES + 1)).toThrow(refusal)
    expect(() => state.admitMore(SMALL_BYTES)).not.toThrow()
  })

  it('keeps its level while the file system does not answer', () => {
    const state = make()
    expect(levelWith(state, GIBIBYTE)).toBe('small only')
    hasDisk = false
    expect(levelWith(state, 0)).toBe('small only')
    hasDisk = true
    expect(levelWith(state, 0)).toBe('closed')
  })
})
