import { describe, expect, it } from 'vitest'
import { type Circuit, SHARED } from '../../../src/server/fairness/circuit.ts'
import type { Entry } from '../../../src/server/fairness/slot.ts'
import { chooseUnfinished, type Unfinished } from '../../../src/server/uploads/choose-unfinished.ts'
import { findShortage, mayMakeRoom, weigher } from '../../../src/server/uploads/room.ts'

const MEBIBYTE = 1024 * 1024
const limits = { maxUnfinished: 16, circuitUnfinished: 6 }
const circuit = (name: string): Circuit => name as Circuit

function upload(of: string, over: Partial<Unfinished> = {}): Unfinished {
  return {
    circuit: circuit(of),
    bytes: MEBIBYTE,
    offset: 0,
    createdMs: 0,
    lastByteMs: 0,
    isBusy: false,
    entry: 'calm',
    ...over,
  }
}

const many = (
  count: number,
  of: (at: number) => string,
  over?: Partial<Unfinished>,
): Unfinished[] => Array.from({ length: count }, (_, at) => upload(of(at), over))

describe('findShortage', () => {
  const ask = (
    uploads: readonly Unfinished[],
    of: string,
    bytes = MEBIBYTE,
    freeBytes = 1000 * MEBIBYTE,
    entry: Entry = 'calm',
  ) => findShortage(uploads, { bytes, circuit: circuit(of), freeBytes, entry }, limits)

  it.each([
    [5, null],
    [6, 'own'],
  ])('with %i of its own says %s', (own, shortage) => {
    expect(
      ask(
        many(own, () => 'greedy'),
        'greedy',
      ),
    ).toBe(shortage)
  })

  it('keeps a quarter of the number for circuits that have none', () => {
    const uploads = many(12, (at) => `circuit ${at}`)
    expect([
      ask(uploads, 'circuit 0'),
      ask(uploads, 'fresh'),
      ask(
        many(16, (at) => `circuit ${at}`),
        'fresh',
      ),
    ]).toEqual(['number', null, 'number'])
  })

  it('lets one circuit announce a quarter of the room, or one upload of any length', () => {
    expect(ask([], 'greedy', 700 * MEBIBYTE)).toBe(null)
    const own = [upload('greedy', { bytes: 100 * MEBIBYTE })]
    expect([ask(own, 'greedy', 106 * MEBIBYTE), ask(own, 'greedy', 107 * MEBIBYTE)]).toEqual([
      null,
      'own',
    ])
  })

  it('keeps a third of the room for small ones', () => {
    const uploads = many(4, (at) => `circuit ${at}`, { bytes: 170 * MEBIBYTE })
    expect([
      ask(uploads, 'fresh', 65 * MEBIBYTE, 340 * MEBIBYTE),
      ask(uploads, 'fresh', 64 * MEBIBYTE, 340 * MEBIBYTE),
    ]).toEqual(['bytes', null])
  })

  it('gives those without a proof of work an eighth of the number and of the room, and no more', () => {
    const enter = (uploads: readonly Unfinished[], entry: Entry, bytes = MEBIBYTE) =>
      ask(uploads, 'fresh', bytes, 800 * MEBIBYTE, entry)
    const unproven = many(2, (at) => `unproven ${at}`, { entry: 'unproven' })
    expect([
      enter(unproven.slice(1), 'unproven'),
      enter(unproven, 'unproven'),
      enter(unproven, 'proven'),
    ]).toEqual([null, 'unproven', null])
    expect([enter([], 'unproven', 75 * MEBIBYTE), enter([], 'unproven', 76 * MEBIBYTE)]).toEqual([
      null,
      'unproven',
    ])
  })

  it('keeps that eighth from those with a proof', () => {
    const proven = (count: number) => many(count, (at) => `proven ${at}`, { entry: 'proven' })
    const enter = (uploads: readonly Unfinished[], entry: Entry) =>
      ask(uploads, 'fresh', MEBIBYTE, 800 * MEBIBYTE, entry)
    expect([
      enter(proven(13), 'proven'),
      enter(proven(14), 'proven'),
      enter(proven(14), 'unproven'),
    ]).toEqual([null, 'number', null])
  })

  it('knows no share of one circuit for what comes without', () => {
    expect(
      ask(
        many(15, () => SHARED),
        SHARED,
      ),
    ).toBe(null)
  })
})

describe('mayMakeRoom', () => {
  it.each([
    ['calm', 'proven', 'number', true],
    ['calm', 'unproven', 'number', true],
    ['proven', 'unproven', 'number', false],
    ['unproven', 'proven', 'number', false],
    ['unproven', 'calm', 'number', true],
    ['calm', 'unproven', 'unproven', false],
  ] as const)(
    'one that came %s, for one that comes %s, when %s is short: %s',
    (upload, newcomer, shortage, may) => {
      expect(mayMakeRoom(upload, newcomer, shortage)).toBe(may)
    },
  )
})

describe('chooseUnfinished', () => {
  const choose = (uploads: readonly Unfinished[], nowMs: number, newcomer = 0): Unfinished | null =>
    chooseUnfinished(uploads, newcomer, { nowMs, weightOf: weigher(uploads, 'number') })

  it('takes one of the heaviest circuit that brought nothing for 15 s, the one that owes most', () => {
    const [old, young, light] = [
      upload('heavy'),
      upload('heavy', { createdMs: 10 }),
      upload('light'),
    ]
    expect(choose([young, old, light], 15_000)).toBe(null)
    expect(choose([young, old, light], 15_001)).toBe(old)
  })

  it('lets time be earned with bytes', () => {
    const begun = upload('heavy', { offset: MEBIBYTE, lastByteMs: 80_000 })
    expect(choose([begun, upload('heavy', { createdMs: 79_000 })], 80_000)).toBe(null)
    expect(choose([begun], 80_537)).toBe(begun)
  })

  it('waits longer for one whose bytes may be on their way', () => {
    const busy = upload('heavy', { isBusy: true })
    expect([choose([busy], 45_000), choose([busy], 45_001)]).toEqual([null, busy])
  })

  it('takes none of a circuit that has no more than the newcomer', () => {
    expect(choose([upload('one')], 100_000, 1)).toBe(null)
  })

  it('takes for anyone what hardly began and was silent for 15 minutes', () => {
    const silent = upload('one')
    expect([choose([silent], 15 * 60_000 - 1, 1), choose([silent], 15 * 60_000, 1)]).toEqual([
      null,
      silent,
    ])
  })
})
