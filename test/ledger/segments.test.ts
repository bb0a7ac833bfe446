import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedgerCheck } from '../../src/ledger/follow.ts'
import { firstPrev, formatLine, hashLine } from '../../src/ledger/format.ts'
import { readLastDay, readLedger, verifyLedger } from '../../src/ledger/read.ts'
import { type Ledger, openLedger } from '../../src/ledger/writer.ts'

const day = '2026-11-23'
const clock = { now: () => new Date(`${day}T14:05:06Z`) }
const receipt = (n: number): string => hashLine(`envelope ${n}`)
const maxSegmentLines = 10

let dir = ''
let path = ''
let ledger: Ledger | null = null

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-segments-'))
  path = join(dir, 'ledger.jsonl')
})
afterEach(async () => {
  await ledger?.close()
  ledger = null
  await rm(dir, { recursive: true })
})

async function reopen(): Promise<Ledger> {
  await ledger?.close()
  ledger = null
  ledger = await openLedger({ path, clock, maxSegmentLines })
  return ledger
}

async function store(from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) await ledger?.append('stored', receipt(n), n)
}

const segment = (name: string): string => join(dir, 'ledger', name)
const filesOf = async (): Promise<string[]> =>
  (await readdir(join(dir, 'ledger'))).filter((name) => /^\d/.test(name)).sort()

/** The text of a `ledger.jsonl` as earlier versions wrote it: a single file of any length. */
function oldLedger(count: number): string {
  let prev = firstPrev
  let text = ''
  for (let n = 1; n <= count; n += 1) {
    const line = formatLine({ seq: n, day, event: 'stored', receipt: receipt(n), bytes: n, prev })
    prev = hashLine(line)
    text += line
  }
  return text
}

describe('a ledger of several segments', () => {
  it('keeps one chain, and knows every receipt after it is opened again', async () => {
    await reopen()
    await store(1, 25)
    expect(await filesOf()).toEqual([
      '000001.json',
      '000001.jsonl',
      '000002.index',
      '000002.json',
      '000002.jsonl',
    ])
    expect(await verifyLedger(path)).toEqual({ ok: true, lines: 25, firstBadLine: null })
    const again = await reopen()
    expect(again.lines()).toBe(25)
    for (const n of [1, 10, 11, 25])
      expect(again.lastOf(receipt(n))).toEqual({ event: 'stored', bytes: n, day })
    expect(again.lastOf(receipt(26))).toBeNull()
    expect(await again.append('stored', receipt(3), 3)).toBe(false)
  })

  it('holds the same lines as one file would', async () => {
    await reopen()
    await store(1, 25)
    const texts = await Promise.all(
      [segment('000001.jsonl'), segment('000002.jsonl'), path].map((file) =>
        readFile(file, 'utf8'),
      ),
    )
    expect(texts.join('')).toBe(oldLedger(25))
  })

  it('forgets a deleted receipt one segment later, and not before', async () => {
    const first = await reopen()
    for (const event of ['stored', 'collected', 'deleted'] as const)
      await first.append(event, receipt(1), 1)
    await store(2, 9)
    expect((await reopen()).lastOf(receipt(1))?.event).toBe('deleted')
    await store(10, 20)
    expect((await reopen()).lastOf(receipt(1))).toBeNull()
    expect(await ledger?.append('stored', receipt(1), 1)).toBe(true)
  })

  it('keeps what happened to a dead letter apart from a good copy', async () => {
    const first = await reopen()
    await first.append('quarantined', receipt(1), 1)
    await store(1, 10)
    const again = await reopen()
    expect(again.lastOf(receipt(1))?.event).toBe('stored')
    expect(await again.append('quarantined', receipt(1), 1)).toBe(false)
    expect(await again.append('discarded', receipt(1), 1)).toBe(true)
    expect(again.isDiscarded(receipt(1))).toBe(true)
  })

  it('says the day and no finer time in every file', async () => {
    await reopen()
    await store(1, 12)
    const paths = [path, join(dir, 'ledger'), ...(await filesOf()).map(segment)]
    for (const file of paths)
      expect([file, (await stat(file)).mtime]).toEqual([file, new Date(`${day}T00:00:00Z`)])
  })

  it('makes the index again from the segments when it is damaged or gone', async () => {
    await reopen()
    await store(1, 25)
    await writeFile(segment('000002.index'), 'damaged')
    expect((await reopen()).lastOf(receipt(7))?.bytes).toBe(7)
    await rm(segment('000002.index'))
    expect((await reopen()).lastOf(receipt(17))?.bytes).toBe(17)
  })

  it('returns the last day without reading the segments', async () => {
    await reopen()
    await store(1, 10)
    await writeFile(segment('000001.jsonl'), '')
    expect(await readLastDay(path)).toBe(day)
  })
})

describe('a long ledger of an earlier version', () => {
  it.each([9, 10, 11, 20, 35])('of %i lines is converted', async (count) => {
    await writeFile(path, `${oldLedger(count)}{"seq":`)
    const taken = await reopen()
    expect(taken.lines()).toBe(count)
    await store(count + 1, count + 2)
    expect(await verifyLedger(path)).toEqual({ ok: true, lines: count + 2, firstBadLine: null })
    expect((await readFile(path, 'utf8')).split('\n').length - 1).toBeLessThanOrEqual(
      maxSegmentLines,
    )
    expect(taken.lastOf(receipt(1))?.bytes).toBe(1)
  })

  it('is taken over also after a kill in the middle of that', async () => {
    await writeFile(path, oldLedger(35))
    await reopen()
    await ledger?.close()
    ledger = null
    // The state after a process that had written only two segments ended before it replaced
    // ledger.jsonl.
    await writeFile(path, oldLedger(35))
    await rm(segment('000003.json'))
    await reopen()
    expect(ledger).toMatchObject({ lines: expect.any(Function) })
    expect((ledger as unknown as Ledger).lines()).toBe(35)
    expect(await verifyLedger(path)).toEqual({ ok: true, lines: 35, firstBadLine: null })
  })
})

describe('a worker that is killed while it closes a segment', () => {
  it('finds the lines in both files, and continues', async () => {
    await reopen()
    await store(1, 10)
    await ledger?.close()
    ledger = null
    await writeFile(path, await readFile(segment('000001.jsonl')))
    expect(await verifyLedger(path)).toMatchObject({ ok: true, lines: 10 })
    expect(await createLedgerCheck(path).isWhole()).toBe(true)
    await reopen()
    await store(11, 12)
    expect(await verifyLedger(path)).toMatchObject({ ok: true, lines: 12 })
    expect((await stat(segment('000001.jsonl'))).size).toBe(oldLedger(10).length)
  })

  it('ignores a segment without a checkpoint', async () => {
    await reopen()
    await store(1, 9)
    await ledger?.close()
    ledger = null
    await writeFile(segment('000001.jsonl'), 'half a copy')
    await reopen()
    await store(10, 12)
    expect(await verifyLedger(path)).toMatchObject({ ok: true, lines: 12 })
  })
})

describe('a change or a cut', () => {
  beforeEach(async () => {
    await reopen()
    await store(1, 35)
    await ledger?.close()
    ledger = null
  })

  const damages: Array<[string, () => Promise<void>, { isSeenAtStart: boolean }]> = [
    [
      'of a digit in a closed segment',
      async () => {
        const text = await readFile(segment('000001.jsonl'), 'utf8')
        await writeFile(segment('000001.jsonl'), text.replace('"bytes":3,', '"bytes":4,'))
      },
      { isSeenAtStart: false },
    ],
    [
      'of the end of a closed segment',
      async () => writeFile(segment('000002.jsonl'), ''),
      { isSeenAtStart: false },
    ],
    [
      'of a whole segment in the middle',
      async () => {
        for (const name of ['000002.json', '000002.jsonl']) await rm(segment(name))
      },
      { isSeenAtStart: true },
    ],
    [
      'of the last segment',
      async () => {
        for (const name of ['000003.json', '000003.jsonl', '000003.index']) await rm(segment(name))
      },
      { isSeenAtStart: true },
    ],
    ['of ledger.jsonl', () => rm(path), { isSeenAtStart: true }],
    [
      'of a checkpoint',
      async () => {
        const text = await readFile(segment('000003.json'), 'utf8')
        await writeFile(segment('000003.json'), text.replace('"lines":30', '"lines":29'))
      },
      { isSeenAtStart: true },
    ],
    [
      'of the first line after a checkpoint',
      async () => writeFile(path, (await readFile(path, 'utf8')).replace('"seq":31', '"seq":32')),
      { isSeenAtStart: true },
    ],
  ]

  it.each(damages)('%s is seen', async (_, damage, { isSeenAtStart }) => {
    await damage()
    expect((await verifyLedger(path)).ok).toBe(false)
    const check = createLedgerCheck(path)
    let isWhole = true
    // Each call checks one of the three closed segments.
    for (let look = 0; look < 3 && isWhole; look += 1) isWhole = await check.isWhole()
    expect(isWhole).toBe(false)
    if (isSeenAtStart) await expect(reopen()).rejects.toMatchObject({ code: 'CHAIN_BROKEN' })
  })
})

describe('createLedgerCheck', () => {
  it('follows through the closing of segments', async () => {
    const check = createLedgerCheck(path)
    await reopen()
    for (let n = 1; n <= 60; n += 7) {
      await store(n, n + 6)
      expect(await check.isWhole()).toBe(true)
    }
    expect(check.history()).toMatchObject({ firstDay: day, lastDay: day })
    const stored = [...check.history().storedBytesByDay.values()].reduce((sum, n) => sum + n, 0)
    expect(stored).toBe((63 * 64) / 2)
  })

  it('knows the same days when it starts late', async () => {
    await reopen()
    await store(1, 35)
    const late = createLedgerCheck(path)
    expect(await late.isWhole()).toBe(true)
    expect(late.history().storedBytesByDay.get(day)).toBe((35 * 36) / 2)
  })

  it('is content again once the worker has started a new ledger, as LEDGER_BROKEN advises', async () => {
    await reopen()
    await store(1, 25)
    const check = createLedgerCheck(path)
    expect(await check.isWhole()).toBe(true)
    await ledger?.close()
    ledger = null
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"bytes":21,', '"bytes":22,'))
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -300))
    expect(await check.isWhole()).toBe(false)
    await mkdir(join(dir, 'evidence'))
    for (const name of ['ledger', 'ledger.jsonl'])
      await rename(join(dir, name), join(dir, 'evidence', name))
    expect(await check.isWhole()).toBe(true)
    await reopen()
    await store(1, 3)
    expect(await check.isWhole()).toBe(true)
    expect(await readLedger(path)).toMatchObject({ ok: true, lines: 3 })
  })
})
