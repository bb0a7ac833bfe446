import { describe, expect, it } from 'vitest'
import { roundDown, roundUp } from '../../src/ops/coarsen.ts'
import { type FigureSources, readFigures } from '../../src/ops/figures.ts'
import type { BlobEntry } from '../../src/store/blob-store.ts'

const odd = { envelopes: 37, bytes: 1234, uploads: 13, free: 123_456_789, inodes: 4321, jobs: 17 }
const now = new Date('2026-11-23T12:34:56Z')

/** Sources in which no number is a published step, so that any unrounded number is noticed. */
function oddSources(): FigureSources {
  async function* list(): AsyncGenerator<BlobEntry> {
    for (let number = 0; number < odd.envelopes; number += 1)
      yield { receipt: String(number), bytes: odd.bytes, day: now }
  }
  const sources = {
    dataDir: '/nowhere',
    store: { list, freeBytes: async () => odd.free },
    freeInodes: async () => odd.inodes,
    knownBlobs: { load: async () => () => () => null },
    queue: {
      counts: async () => ({
        waiting: odd.jobs,
        active: odd.jobs,
        delayed: odd.jobs,
        failed: odd.jobs,
      }),
      waiting: async () => [],
      withoutJob: async () => [],
    },
    redis: {},
    ledger: {
      isWhole: async () => true,
      history: () => ({ firstDay: null, lastDay: null, storedBytesByDay: new Map() }),
    },
    spoolAge: { look: () => 0 },
    queueAge: { look: () => 0 },
    queueWatch: { isStuck: () => false },
    orphans: { look: () => odd.uploads },
    uploads: { look: () => odd.uploads },
    clock: { now: () => now },
    stepMinutes: 15,
    longMinutes: 60,
  }
  return sources as unknown as FigureSources
}

describe('the figures that arrivals move', () => {
  it('are steps, each of them', async () => {
    const figures = await readFigures(oddSources())
    const folder = { envelopes: roundUp(odd.envelopes), bytes: roundUp(odd.envelopes * odd.bytes) }
    expect(figures).toMatchObject({
      spool: folder,
      vault: folder,
      collected: folder,
      quarantine: folder,
      spoolOrphans: 100,
      queue: { waiting: 100, active: 100, delayed: 100, failed: 100 },
      freeBytes: roundDown(odd.free),
      freeInodes: roundDown(odd.inodes),
    })
    expect([folder.bytes, figures.freeBytes, figures.freeInodes]).toEqual([
      100_000, 100_000_000, 4000,
    ])
    const text = JSON.stringify(figures)
    for (const exact of [...Object.values(odd), odd.envelopes * odd.bytes])
      expect(text).not.toMatch(new RegExp(`\\b${exact}\\b`))
  })
})
