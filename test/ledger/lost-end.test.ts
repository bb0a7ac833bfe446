import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedgerCheck } from '../../src/ledger/follow.ts'
import { hashLine } from '../../src/ledger/format.ts'
import { type Ledger, openLedger } from '../../src/ledger/writer.ts'

const day = '2026-11-23'
const clock = { now: () => new Date(`${day}T14:05:06Z`) }
const receipt = (n: number): string => hashLine(`envelope ${n}`)
const maxSegmentLines = 10

let dir = ''
let path = ''
let losses: number[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-lost-end-'))
  path = join(dir, 'ledger.jsonl')
  losses = []
})
afterEach(() => rm(dir, { recursive: true }))

const open = (): Promise<Ledger> =>
  openLedger({ path, clock, maxSegmentLines, onLoss: (lines) => void losses.push(lines) })

async function store(from: number, to: number): Promise<void> {
  const ledger = await open()
  for (let n = from; n <= to; n += 1) await ledger.append('stored', receipt(n), n)
  await ledger.close()
}

async function cutLines(count: number): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
  await writeFile(
    path,
    lines.slice(0, lines.length - count).map((line) => `${line}\n`),
  )
}

const isWhole = (): Promise<boolean> => createLedgerCheck(path).isWhole()

describe('a ledger whose last lines are missing', () => {
  it.each([
    ['1 of 5', 5, 1],
    ['all of 5', 5, 5],
    ['1 of those after a segment', 15, 1],
    ['all of those after a segment', 15, 5],
  ])('is reported: %s', async (_, written, cut) => {
    await store(1, written)
    expect(await isWhole()).toBe(true)
    await cutLines(cut)
    expect(await isWhole()).toBe(false)
    const ledger = await open()
    expect(losses).toEqual([cut])
    expect(ledger.lines()).toBe(written - cut)
    await ledger.close()
  })

  it('is reported even when the file is gone', async () => {
    await store(1, 5)
    await rm(path)
    await (await open()).close()
    expect(losses).toEqual([5])
    expect(await isWhole()).toBe(false)
  })

  it('stays reported when the worker has written more lines than were lost', async () => {
    await store(1, 5)
    await cutLines(2)
    await store(6, 12)
    expect(losses).toEqual([2])
    expect(await isWhole()).toBe(false)
  })

  it('is reported when other lines were written in their place', async () => {
    await store(1, 5)
    const end = await readFile(join(dir, 'ledger', 'end'))
    await cutLines(2)
    await store(6, 9)
    await rm(join(dir, 'ledger', 'lost.json'))
    expect(await isWhole()).toBe(true)
    await writeFile(join(dir, 'ledger', 'end'), end)
    expect(await isWhole()).toBe(false)
  })

  it('is no longer reported when a new ledger was started, as LEDGER_BROKEN advises', async () => {
    const check = createLedgerCheck(path)
    await store(1, 5)
    expect(await check.isWhole()).toBe(true)
    await cutLines(2)
    await store(6, 6)
    expect(await check.isWhole()).toBe(false)
    await mkdir(join(dir, 'evidence'))
    for (const name of ['ledger', 'ledger.jsonl'])
      await rename(join(dir, name), join(dir, 'evidence', name))
    await store(1, 4)
    expect(await check.isWhole()).toBe(true)
    expect(await isWhole()).toBe(true)
    expect(losses).toEqual([2])
  })

  it('is no longer reported when the lines are put back before the worker starts', async () => {
    await store(1, 5)
    const text = await readFile(path)
    await cutLines(2)
    const check = createLedgerCheck(path)
    expect(await check.isWhole()).toBe(false)
    await writeFile(path, text)
    expect(await check.isWhole()).toBe(true)
    await store(6, 7)
    expect(losses).toEqual([])
  })
})

describe('the note of the end', () => {
  it.each([
    ['missing', null],
    ['empty', ''],
    ['half written', '{"lines":3,"head":"'],
    ['of another format', `${'x'.repeat(127)}\n`],
  ])('reports nothing when it is %s', async (_, text) => {
    await store(1, 5)
    const note = join(dir, 'ledger', 'end')
    if (text === null) await rm(note)
    else await writeFile(note, text)
    expect(await isWhole()).toBe(true)
    await store(6, 6)
    expect(losses).toEqual([])
  })

  it('may be older than the ledger, as after a power cut', async () => {
    await store(1, 3)
    const note = await readFile(join(dir, 'ledger', 'end'))
    await store(4, 25)
    await writeFile(join(dir, 'ledger', 'end'), note)
    expect(await isWhole()).toBe(true)
    await store(26, 27)
    expect(losses).toEqual([])
  })

  it('says the day and no finer time', async () => {
    await store(1, 5)
    await cutLines(1)
    await store(6, 6)
    const names = await readdir(join(dir, 'ledger'))
    expect(names.sort()).toEqual(['end', 'lost.json'])
    for (const name of ['', ...names])
      expect((await stat(join(dir, 'ledger', name))).mtime).toEqual(new Date(`${day}T00:00:00Z`))
  })
})
