import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFile,
  cp,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Ledger, openLedger } from '../../src/ledger/writer.ts'
import {
  firstPrev,
  formatLine,
  hashLine,
  maxLineBytes,
  parseLine,
} from '../../src/ledger/format.ts'
import { readLedger, verifyLedger } from '../../src/ledger/read.ts'
import { readLines } from '../workers/workplace.ts'

const clock = { now: () => new Date('2026-11-23T14:05:06Z') }
const receipt = (n: number): string => n.toString(16).padStart(64, '0')

let dir: string
let path: string
const opened: Ledger[] = []

async function openHere(): Promise<Ledger> {
  const ledger = await openLedger({ path, clock })
  opened.push(ledger)
  return ledger
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tumen-ledger-'))
  path = join(dir, 'ledger.jsonl')
})

afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close().catch(() => {})
  await rm(dir, { recursive: true, force: true })
})

describe('formatLine', () => {
  const first = {
    seq: 1,
    day: '2026-11-23',
    event: 'stored',
    receipt: receipt(1),
    bytes: 65536,
    prev: firstPrev,
  } as const

  it('writes the fields in their order and a newline', () => {
    expect(formatLine(first)).toBe(
      `{"seq":1,"day":"2026-11-23","event":"stored","receipt":"${receipt(1)}","bytes":65536,"prev":"${firstPrev}"}\n`,
    )
    expect(parseLine(formatLine(first))).toEqual(first)
  })

  it('stays within the bound with the largest numbers', () => {
    const max = Number.MAX_SAFE_INTEGER
    const line = formatLine({ ...first, event: 'quarantined', seq: max, bytes: max })
    expect(line.length).toBe(242)
    expect(line.length).toBeLessThanOrEqual(maxLineBytes)
  })
})

describe('parseLine', () => {
  it.each([
    ['another order', '{"day":"2026-11-23","seq":1}\n'],
    ['no object', 'null\n'],
    ['half a line', '{"seq":1,"da\n'],
    ['a prototype', `{"__proto__":{"seq":1}}\n`],
  ])('is null for %s', (_, text) => expect(parseLine(text)).toBeNull())

  it.each([
    ['an unknown event', { event: 'opened' }],
    ['a receipt in capitals', { receipt: 'A'.repeat(64) }],
    ['a time of day', { day: '2026-11-23T14:05' }],
    ['negative bytes', { bytes: -1 }],
    ['a field too many', { who: 'me' }],
  ])('is null for %s', (_, change) => {
    const line = {
      seq: 1,
      day: '2026-11-23',
      event: 'stored',
      receipt: receipt(1),
      bytes: 5,
      prev: firstPrev,
      ...change,
    }
    expect(parseLine(`${JSON.stringify(line)}\n`)).toBeNull()
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseLine(`${text}\n`)))
  })
})

describe('openLedger', () => {
  it('chains each line to the one before, with the day only', async () => {
    const ledger = await openHere()
    expect(await ledger.append('stored', receipt(1), 10)).toBe(true)
    expect(await ledger.append('collected', receipt(1), 10)).toBe(true)
    const lines = (await readFile(path, 'utf8')).split(/(?<=\n)/)
    expect(parseLine(lines[0] ?? '')).toMatchObject({
      seq: 1,
      day: '2026-11-23',
      event: 'stored',
      prev: firstPrev,
    })
    expect(parseLine(lines[1] ?? '')).toMatchObject({
      seq: 2,
      event: 'collected',
      prev: hashLine(lines[0] ?? ''),
    })
    expect(await verifyLedger(path)).toEqual({ ok: true, lines: 2, firstBadLine: null })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('writes nothing twice, also after it was opened again', async () => {
    const ledger = await openHere()
    const results = await Promise.all(
      [1, 2, 1, 1].map((n) => ledger.append('stored', receipt(n), n)),
    )
    expect(results).toEqual([true, true, false, false])
    await ledger.close()
    const again = await openHere()
    expect(await again.append('stored', receipt(1), 1)).toBe(false)
    expect(again.lastOf(receipt(2))).toEqual({
      event: 'stored',
      bytes: 2,
      day: '2026-11-23',
    })
    expect(again.lines()).toBe(2)
  })

  it('follows an envelope through its life, and through a second one', async () => {
    const ledger = await openHere()
    const tried = [
      'collected',
      'deleted',
      'stored',
      'deleted',
      'collected',
      'stored',
      'deleted',
      'collected',
      'stored',
      'quarantined',
      'quarantined',
      'collected',
    ] as const
    const written = []
    for (const event of tried) if (await ledger.append(event, receipt(1), 1)) written.push(event)
    expect(written).toEqual([
      'stored',
      'collected',
      'deleted',
      'stored',
      'quarantined',
      'collected',
    ])
  })

  it('writes all waiting lines with one datasync', async () => {
    const ledger = await openHere()
    const probe = await open(path)
    const datasync = vi.spyOn(Object.getPrototypeOf(probe), 'datasync')
    await probe.close()
    await Promise.all(
      Array.from({ length: 1000 }, (_, n) => ledger.append('stored', receipt(n), n)),
    )
    expect(datasync).toHaveBeenCalledTimes(1)
    datasync.mockRestore()
    expect(await verifyLedger(path)).toMatchObject({ ok: true, lines: 1000 })
  })

  it('cuts off a torn last line and continues from the previous one', async () => {
    const ledger = await openHere()
    for (const n of [1, 2]) await ledger.append('stored', receipt(n), n)
    await ledger.close()
    const { size } = await stat(path)
    await truncate(path, size - 10)
    expect(await readLedger(path)).toMatchObject({ ok: true, lines: 1, tornBytes: size / 2 - 10 })
    const again = await openHere()
    expect(again.lines()).toBe(1)
    expect(await again.append('stored', receipt(2), 2)).toBe(true)
    expect(await verifyLedger(path)).toEqual({ ok: true, lines: 2, firstBadLine: null })
  })

  it.each([
    ['a changed line', (text: string) => text.replace('"bytes":2', '"bytes":3'), 3],
    [
      'a lost line',
      (text: string) =>
        text
          .split(/(?<=\n)/)
          .filter((_, n) => n !== 1)
          .join(''),
      2,
    ],
    [
      'a line twice',
      (text: string) =>
        text
          .split(/(?<=\n)/)
          .map((line, n) => (n === 1 ? line + line : line))
          .join(''),
      3,
    ],
    [
      'lines in another order',
      (text: string) =>
        text
          .split(/(?<=\n)/)
          .reverse()
          .join(''),
      1,
    ],
    ['an empty line', (text: string) => `\n${text}`, 1],
    ['a line over the bound', (text: string) => `${text}${'x'.repeat(maxLineBytes)}\n`, 4],
    ['a torn line over the bound', (text: string) => `${text}${'x'.repeat(maxLineBytes + 1)}`, 4],
  ])('refuses %s and says which', async (_, damage, badLine) => {
    const ledger = await openHere()
    for (const n of [1, 2, 3]) await ledger.append('stored', receipt(n), n)
    await ledger.close()
    const damaged = damage(await readFile(path, 'utf8'))
    await writeFile(path, damaged)
    await expect(openHere()).rejects.toMatchObject({
      code: 'CHAIN_BROKEN',
      message: expect.stringContaining(`line ${badLine} `),
    })
    expect(await readFile(path, 'utf8')).toBe(damaged)
    expect(await verifyLedger(path)).toEqual({
      ok: false,
      lines: badLine - 1,
      firstBadLine: badLine,
    })
  })

  it('treats an incomplete line at the bound as torn', async () => {
    await appendFile(path, 'x'.repeat(maxLineBytes))
    expect((await openHere()).lines()).toBe(0)
    expect((await stat(path)).size).toBe(0)
  })

  it('is free to be opened after it was closed', async () => {
    await (await openHere()).close()
    await openHere()
  })
})

describe('when another process holds the ledger', () => {
  it('refuses, until that one is killed', async () => {
    const program = `
      import { openLedger } from ${JSON.stringify(join(import.meta.dirname, '../../src/ledger/writer.ts'))}
      const ledger = await openLedger({ path: ${JSON.stringify(path)}, clock: { now: () => new Date() } })
      await ledger.append('stored', '${receipt(1)}', 1)
      console.log('held')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await expect(openHere()).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining('another worker'),
    })
    const waiting = openLedger({ path, clock, lockWaitMs: 10_000 })
    child.kill('SIGKILL')
    opened.push(await waiting)
    expect((await waiting).lines()).toBe(1)
  })

  it('continues after the lines that the other one writes while it waits', async () => {
    const other = await openHere()
    const waiting = openLedger({ path, clock, lockWaitMs: 60_000 })
    for (let n = 1; n <= 500; n += 1) await other.append('stored', receipt(n), n)
    await other.close()
    opened.push(await waiting)
    expect((await waiting).lines()).toBe(500)
  })
})

describe('when the disk takes no more', () => {
  it('rejects, leaves nothing half-written, and continues when there is room', async () => {
    const ledger = await openHere()
    await ledger.append('stored', receipt(1), 1)
    ledger.startComparing()()
    const before = await readFile(path, 'utf8')
    const probe = await open(path)
    const prototype = Object.getPrototypeOf(probe)
    await probe.close()
    const write = prototype.write
    // Writes the first 40 bytes, then reports a full disk, as a real disk does.
    const spy = vi.spyOn(prototype, 'write').mockImplementationOnce(async function (
      this: unknown,
      ...args: unknown[]
    ) {
      await write.call(this, args[0], args[1], 40, args[3])
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    })
    await expect(ledger.append('stored', receipt(2), 2)).rejects.toMatchObject({
      code: 'IO_FAILED',
    })
    spy.mockRestore()
    expect(await readFile(path, 'utf8')).toBe(before)
    expect(ledger.isBehind()).toBe(true)
    expect(await ledger.append('stored', receipt(3), 3)).toBe(true)
    expect(await ledger.append('stored', receipt(2), 2)).toBe(true)
    expect((await readLines(path)).map((line) => line.receipt)).toEqual([1, 3, 2].map(receipt))
    expect(await verifyLedger(path)).toMatchObject({ ok: true, lines: 3 })
  })

  it('reads as whole while half a batch is at its end', async () => {
    const ledger = await openHere()
    await ledger.append('stored', receipt(1), 1)
    await appendFile(path, '{"seq":2,"day"')
    expect(await verifyLedger(path)).toEqual({ ok: true, lines: 1, firstBadLine: null })
  })
})

describe('when the ledger is moved away while it is written', () => {
  const replaced = expect.objectContaining({ code: 'REPLACED' })

  it.each(['ledger.jsonl', 'ledger'])('writes no line that nobody would find: %s', async (name) => {
    const ledger = await openHere()
    await ledger.append('stored', receipt(1), 10)
    const away = join(dir, 'away')
    await rename(join(dir, name), away)
    expect(ledger.isInPlace()).toBe(false)
    await expect(ledger.append('stored', receipt(2), 10)).rejects.toEqual(replaced)
    await cp(away, join(dir, name), { recursive: true })
    await expect(ledger.append('stored', receipt(2), 10)).rejects.toEqual(replaced)
    await rm(join(dir, name), { recursive: true })
    await rename(away, join(dir, name))
    expect(ledger.isInPlace()).toBe(true)
    expect(await ledger.append('stored', receipt(2), 10)).toBe(true)
    expect(await verifyLedger(path)).toMatchObject({ lines: 2 })
  })

  it('stays in place when a segment is closed', async () => {
    const ledger = await openLedger({ path, clock, maxSegmentLines: 2 })
    opened.push(ledger)
    for (let n = 1; n <= 5; n += 1) {
      await ledger.append('stored', receipt(n), 10)
      expect(ledger.isInPlace()).toBe(true)
    }
  })
})
