import { beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/store/blob-store.ts'
import { createDayView, type SharedStore } from '../../src/store/day-view.ts'
import type { StoredToday } from '../../src/store/stored-today.ts'
import { createNightlyMove } from '../../workers/night.ts'

const receipt = 'a'.repeat(64)
const yesterday = new Date('2026-11-22T00:00:00Z')

let place: 'incoming' | 'sealed' | 'collected' = 'incoming'
let failures = 0
/** Whether the envelope counted as stored each time it was about to be moved. */
let seen: boolean[] = []
const all = new Set<string>()
beforeEach(() => {
  place = 'incoming'
  failures = 0
  seen = []
  all.clear()
  all.add(receipt)
})

const stored: StoredToday = {
  among: async (receipts) => new Set(receipts.filter((each) => all.has(each))),
  add: async (receipts) => receipts.forEach((each) => all.add(each)),
  forget: async (receipts) => receipts.forEach((each) => all.delete(each)),
}

const store = {
  async *list(prefix: string) {
    if (prefix === place) yield { receipt, bytes: 1, day: yesterday }
  },
  async locate() {
    return place
  },
  async move(_receipt: string, _from: string, to: typeof place) {
    seen.push(all.has(receipt))
    if (failures > 0) {
      failures -= 1
      throw new Error('the store is away')
    }
    place = to
    return 'moved'
  },
} as unknown as BlobStore & SharedStore

const nightly = (rest: () => Promise<void> = async () => {}) =>
  createNightlyMove({
    store,
    stored,
    clock: { now: () => new Date('2026-11-23T01:00:00Z') },
    rest,
    mayMove: () => true,
  })

describe('the nightly move', () => {
  it('is done again in the same night after a failure', async () => {
    failures = 1
    const move = nightly()
    await expect(move()).rejects.toThrow('away')
    expect(await move()).toBe(1)
    expect(place).toBe('sealed')
  })

  it('removes the other times again in the same night after a failure', async () => {
    let rests = 0
    const move = nightly(async () => {
      rests += 1
      if (rests === 1) throw new Error('the store is away')
    })
    await expect(move()).rejects.toThrow('away')
    await move()
    expect(rests).toBe(2)
  })

  it('lets an envelope count as stored until it is in the vault', async () => {
    await nightly()()
    expect({ seen, isForgotten: !all.has(receipt) }).toEqual({ seen: [true], isForgotten: true })
  })
})

describe('an envelope that is collected on the day it was stored', () => {
  it('counts as stored until it is collected', async () => {
    failures = 1
    const view = createDayView(store, stored)
    await expect(view.move(receipt, 'sealed', 'collected')).rejects.toThrow('away')
    expect(await view.locate(receipt)).toBe('sealed')
    expect(await view.move(receipt, 'sealed', 'collected')).toBe('moved')
    expect(all.has(receipt)).toBe(false)
  })
})
