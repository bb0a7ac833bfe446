import { createHash } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedgerCheck } from '../../src/ledger/follow.ts'
import { createHoldings } from '../../src/ledger/holdings.ts'
import { indexPath, ledgerFilesOf } from '../../src/ledger/layout.ts'
import { type Ledger, openLedger } from '../../src/ledger/writer.ts'
import { createRandom, seedOfRun } from '../faults/random.ts'

let folder = ''
let path = ''
let day = '2026-11-23'
let ledger: Ledger

const receiptOf = (number: number): string => createHash('sha256').update(`${number}`).digest('hex')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-holdings-'))
  path = join(folder, 'ledger.jsonl')
  day = '2026-11-23'
  const clock = { now: () => new Date(`${day}T12:00:00Z`) }
  ledger = await openLedger({ path, clock, maxSegmentLines: 10 })
})
afterEach(async () => {
  await ledger.close()
  await rm(folder, { recursive: true })
})

function follow() {
  const check = createLedgerCheck(path)
  const holdings = createHoldings(path, check)
  return async () => {
    await check.isWhole()
    return await holdings.load()
  }
}

const none = { envelopes: 0, bytes: 0, byDay: new Map() }

describe('createHoldings', () => {
  it('holds nothing before there is a ledger', async () => {
    const found = await follow()()
    expect(found?.tally('stored')).toEqual(none)
    expect(found?.last(receiptOf(1))).toBeNull()
    expect(found?.after('', 10)).toEqual([])
  })

  it('tallies what a list of all envelopes would, at every point of many segments', async () => {
    const seed = seedOfRun()
    const random = createRandom(seed)
    const load = follow()
    const expected = new Map<string, { event: string; bytes: number; day: string }>()
    for (let step = 0; step < 60; step += 1) {
      day = `2026-11-${20 + (step >> 3)}`
      // Up to three segments are closed between two looks.
      for (let lines = random.below(30); lines > 0; lines -= 1) {
        const receipt = receiptOf(random.below(40))
        const event = (['stored', 'collected', 'deleted', 'quarantined'] as const)[random.below(4)]
        const bytes = 1000 + random.below(1000)
        const isNew = await ledger.append(event ?? 'stored', receipt, bytes)
        if (isNew && event !== 'quarantined' && event !== undefined)
          expected.set(receipt, { event, bytes, day })
      }
      const found = await load()
      for (const event of ['stored', 'collected'] as const) {
        const those = [...expected.values()].filter((each) => each.event === event)
        const { envelopes, bytes, byDay } = found?.tally(event) ?? none
        expect({ envelopes, bytes }, `FAULT_SEED=${seed}`).toEqual({
          envelopes: those.length,
          bytes: those.reduce((sum, each) => sum + each.bytes, 0),
        })
        const days = Map.groupBy(those, (each) => each.day)
        expect(new Map([...byDay].sort())).toEqual(
          new Map([...days].map(([each, { length }]) => [each, length] as const).sort()),
        )
      }
      const existing = [...expected].filter(([, { event }]) => event !== 'deleted')
      for (const [receipt, { event, bytes }] of existing)
        expect(found?.last(receipt)).toMatchObject({ event, bytes })
    }
    expect(ledger.lines()).toBeGreaterThan(100)
  })

  it('lists every envelope once, a few at a time', async () => {
    const all = Array.from({ length: 37 }, (_, number) => receiptOf(number)).sort()
    for (const receipt of all) await ledger.append('stored', receipt, 1)
    const found = await follow()()
    const listed: string[] = []
    for (let last = ''; ; ) {
      const next = found?.after(last, 5) ?? []
      if (next.length === 0) break
      expect(next.length).toBeLessThanOrEqual(5)
      listed.push(...next)
      last = next.at(-1) ?? ''
    }
    expect(listed).toEqual(all)
  })

  it.each([
    ['its index is damaged', (index: string) => truncate(index, 42)],
    ['its index is missing', (index: string) => rm(index)],
    ['the ledger is broken', () => writeFile(path, 'no line of a ledger\n')],
  ])('knows nothing when %s', async (_, damage) => {
    for (let number = 0; number < 15; number += 1)
      await ledger.append('stored', receiptOf(number), 1)
    await damage(indexPath(ledgerFilesOf(path), 1))
    expect(await follow()()).toBeNull()
  })
})
