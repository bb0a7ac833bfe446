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
    holdings: { load: async () => null },
    vaultCheck: null,
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
  it('all change in steps', async () => {
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

describe('the days until the disk is full', () => {
  /** 14 envelopes of one byte came on each of the seven days before, into each of three folders. */
  function sourcesWith(freeBytes: number, inodes: number | null): FigureSources {
    async function* list(prefix: string): AsyncGenerator<BlobEntry> {
      for (let number = 0; prefix !== 'incoming' && number < 7 * 14; number += 1)
        yield { receipt: String(number), bytes: 1, day: new Date(`2026-11-${16 + (number % 7)}`) }
    }
    const days = Array.from({ length: 7 }, (_, at) => [`2026-11-${16 + at}`, 42] as const)
    return {
      ...oddSources(),
      store: { list, freeBytes: async () => freeBytes },
      freeInodes: async () => inodes,
      ledger: {
        isWhole: async () => true,
        history: () => ({
          firstDay: '2026-01-01',
          lastDay: '2026-11-22',
          storedBytesByDay: new Map(days),
        }),
      },
    } as unknown as FigureSources
  }

  it.each([
    ['bytes', 420, 42_000, 10],
    ['inodes', 42_000, 420, 10],
    ['bytes, without a number of inodes', 420, null, 10],
  ])('are those of what is used up first: %s', async (_, bytes, inodes, days) => {
    expect((await readFigures(sourcesWith(bytes, inodes))).daysUntilFull).toBe(days)
  })
})
