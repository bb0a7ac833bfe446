import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readDailyHead, readRecentHead } from '../../src/ledger/daily-head.ts'
import { firstPrev, hashLine } from '../../src/ledger/format.ts'
import { openLedger } from '../../src/ledger/writer.ts'

const days = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23']
/** Segments of ten lines end in the middle of a day, and at its end. */
const linesOnEachDay = [15, 5, 12, 13]

let dir = ''
let path = ''
const segment = (number: number): string => join(dir, 'ledger', `00000${number}.jsonl`)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-head-'))
  path = join(dir, 'ledger.jsonl')
  let today = ''
  const clock = { now: () => new Date(`${today}T14:05:06Z`) }
  for (const [n, day] of days.entries()) {
    today = day
    const ledger = await openLedger({ path, clock, maxSegmentLines: 10 })
    for (let line = 0; line < (linesOnEachDay[n] ?? 0); line += 1)
      await ledger.append('stored', hashLine(`${day} ${line}`), 100)
    await ledger.close()
  }
})
afterEach(() => rm(dir, { recursive: true }))

describe('readRecentHead', () => {
  it('finds the same head as reading everything, for every day', async () => {
    for (const [day, lines] of [
      ['2026-11-19', 0],
      ['2026-11-20', 15],
      ['2026-11-21', 20],
      ['2026-11-22', 32],
      ['2026-11-23', 45],
      ['2026-11-24', 45],
    ] as const) {
      const head = await readRecentHead(path, day)
      expect(head).toEqual(await readDailyHead(path, day))
      expect([head.day, head.lines, head.head === firstPrev]).toEqual([day, lines, lines === 0])
    }
  })

  it('reads no segment that ended before', async () => {
    const before = await readRecentHead(path, '2026-11-22')
    for (const number of [1, 2, 3]) await rm(segment(number))
    expect(await readRecentHead(path, '2026-11-22')).toEqual(before)
    await expect(readDailyHead(path, '2026-11-22')).rejects.toMatchObject({ code: 'CHAIN_BROKEN' })
  })

  it('rejects what it reads if a line does not follow the one before', async () => {
    const text = await readFile(segment(4), 'utf8')
    await writeFile(segment(4), text.replace('"bytes":100', '"bytes":101'))
    await expect(readRecentHead(path, '2026-11-22')).rejects.toMatchObject({ code: 'CHAIN_BROKEN' })
  })

  it('reads everything if a checkpoint is damaged', async () => {
    await writeFile(join(dir, 'ledger', '000004.json'), '{}')
    await expect(readRecentHead(path, '2026-11-22')).rejects.toMatchObject({ code: 'CHAIN_BROKEN' })
  })
})
