import { describe, expect, it } from 'vitest'
import { type Circuit, SHARED } from '../../../src/server/fairness/circuit.ts'
import type { Entry } from '../../../src/server/fairness/slot.ts'
import { type Counted, findShortage } from '../../../src/server/uploads/unfinished-limits.ts'

const MEBIBYTE = 1024 * 1024
const limits = { maxUnfinished: 16, circuitUnfinished: 6, maxBytes: 100 * MEBIBYTE }

function upload(of: string, over: Partial<Counted> = {}): Counted {
  return { circuit: of as Circuit, bytes: MEBIBYTE, entry: 'calm', ...over }
}

const many = (count: number, of: (at: number) => string, over?: Partial<Counted>): Counted[] =>
  Array.from({ length: count }, (_, at) => upload(of(at), over))

const ask = (uploads: readonly Counted[], of: string, over?: Partial<Counted>) =>
  findShortage(uploads, upload(of, over), limits)

describe('findShortage', () => {
  it.each([
    [5, null],
    [6, 'own'],
  ])('with %i uploads of the same circuit says %s', (own, shortage) => {
    const uploads = many(own, () => 'greedy')
    expect(ask(uploads, 'greedy')).toBe(shortage)
  })

  it('lets one circuit announce twice the largest length', () => {
    const own = [upload('greedy', { bytes: 100 * MEBIBYTE })]
    expect([
      ask(own, 'greedy', { bytes: 100 * MEBIBYTE }),
      ask(own, 'greedy', { bytes: 100 * MEBIBYTE + 1 }),
    ]).toEqual([null, 'own'])
  })

  it('keeps a quarter of the places for circuits without an upload', () => {
    const uploads = many(12, (at) => `circuit ${at}`)
    const full = many(16, (at) => `circuit ${at}`)
    expect([ask(uploads, 'circuit 0'), ask(uploads, 'fresh'), ask(full, 'fresh')]).toEqual([
      'number',
      null,
      'number',
    ])
  })

  it('gives clients without a proof of work an eighth of the places, and no more', () => {
    const unproven = many(2, (at) => `unproven ${at}`, { entry: 'unproven' })
    const enter = (uploads: readonly Counted[], entry: Entry) => ask(uploads, 'fresh', { entry })
    expect([
      enter(unproven.slice(1), 'unproven'),
      enter(unproven, 'unproven'),
      enter(unproven, 'proven'),
    ]).toEqual([null, 'unproven', null])
  })

  it('keeps that eighth from clients with a proof', () => {
    const proven = (count: number) => many(count, (at) => `proven ${at}`, { entry: 'proven' })
    expect([
      ask(proven(13), 'fresh', { entry: 'proven' }),
      ask(proven(14), 'fresh', { entry: 'proven' }),
      ask(proven(14), 'fresh', { entry: 'unproven' }),
    ]).toEqual([null, 'number', null])
  })

  it('has no limit of one circuit for clients without a circuit', () => {
    const uploads = many(15, () => SHARED)
    expect(ask(uploads, SHARED, { bytes: 90 * MEBIBYTE })).toBe(null)
  })
})
