import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { daysUntilFull, readArrivals, soonest } from '../../src/ledger/fill-rate.ts'
import { openLedger } from '../../src/ledger/writer.ts'

const at = (text: string): Date => new Date(text)

describe('daysUntilFull', () => {
  const now = at('2026-11-23T12:00:00Z')
  const history = (days: Record<string, number>, firstDay = '2026-01-01') => ({
    firstDay,
    byDay: new Map(Object.entries(days)),
  })

  it('uses the last seven whole days, not today', () => {
    expect(
      daysUntilFull(
        1000,
        history({ '2026-11-15': 10_000, '2026-11-16': 35, '2026-11-22': 35, '2026-11-23': 99_999 }),
        now,
      ),
    ).toBe(100)
  })

  it('uses fewer days when there are no more', () => {
    expect(daysUntilFull(1000, history({ '2026-11-22': 100 }, '2026-11-22'), now)).toBe(10)
  })

  it.each([
    ['nothing came', history({})],
    ['the first came today', history({ '2026-11-23': 5 }, '2026-11-23')],
    ['the ledger is empty', { firstDay: null, byDay: new Map<string, number>() }],
  ])('is unknown when %s', (_when, given) => {
    expect(daysUntilFull(1000, given, now)).toBeNull()
  })
})

describe('soonest', () => {
  it.each([
    [3, 5, 3],
    [5, 3, 3],
    [null, 5, 5],
    [3, null, 3],
    [null, null, null],
  ])('of %s and %s is %s', (one, other, expected) => {
    expect(soonest(one, other)).toBe(expected)
  })
})

describe('readArrivals', () => {
  async function write(maxSegmentLines: number): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'tumen-arrivals-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const path = join(dir, 'ledger.jsonl')
    let day = 0
    const clock = { now: () => at(`2026-11-${10 + day}T12:00:00Z`) }
    const ledger = await openLedger({ path, clock, maxSegmentLines })
    for (let n = 0; n < 12; n += 1) {
      day = n >> 2
      const receipt = n.toString(16).padStart(64, '0')
      await ledger.append('stored', receipt, 100)
      if (n === 5) await ledger.append('collected', receipt, 100)
    }
    await ledger.close()
    return path
  }

  it('counts bytes and envelopes of each day, and only what was stored', async () => {
    const { bytes, files } = await readArrivals(await write(1000))
    expect(files).toEqual({
      firstDay: '2026-11-10',
      byDay: new Map([
        ['2026-11-10', 4],
        ['2026-11-11', 4],
        ['2026-11-12', 4],
      ]),
    })
    expect(bytes.byDay.get('2026-11-11')).toBe(400)
  })

  it('reads the last segment and what follows it, however long the history is', async () => {
    const { files } = await readArrivals(await write(5))
    expect(files.firstDay).toBe('2026-11-11')
    expect(files.byDay.get('2026-11-12')).toBe(4)
  })

  it('finds nothing without a ledger, and skips invalid lines', async () => {
    const path = await write(1000)
    await writeFile(path, 'nonsense\n', { flag: 'a' })
    expect((await readArrivals(path)).files.byDay.get('2026-11-12')).toBe(4)
    expect((await readArrivals(`${path}.none`)).files).toEqual({ firstDay: null, byDay: new Map() })
  })
})
