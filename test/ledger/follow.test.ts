import { createHash } from 'node:crypto'
import {
  appendFile,
  mkdtemp,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedgerCheck } from '../../src/ledger/follow.ts'

let folder = ''
let path = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-ledger-'))
  path = join(folder, 'ledger.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

/** The lines `from` to `to` of one chain. */
function lines(from: number, to: number): string {
  let prev = '0'.repeat(64)
  let text = ''
  for (let seq = 1; seq <= to; seq += 1) {
    const receipt = createHash('sha256').update(`${seq}`).digest('hex')
    const line = `${JSON.stringify({ seq, day: '2026-11-23', event: 'stored', receipt, bytes: 65536, prev })}\n`
    prev = createHash('sha256').update(line).digest('hex')
    if (seq >= from) text += line
  }
  return text
}

/**
 * The text with the last occurrence of `from` replaced. In the last line, no `prev` of a later line
 * reveals the change.
 */
function changeLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from)
  return text.slice(0, at) + to + text.slice(at + from.length)
}

describe('createLedgerCheck', () => {
  it('leaves no time of its reading', async () => {
    const day = new Date('2026-11-23T00:00:00Z')
    await writeFile(path, lines(1, 3))
    await utimes(path, day, day)
    expect(await createLedgerCheck(path).isWhole()).toBe(true)
    expect((await stat(path)).atime).toEqual(day)
  })

  describe('when the chain is whole', () => {
    it('is content, without a file, with one, and as it grows', async () => {
      const check = createLedgerCheck(path)
      expect(await check.isWhole()).toBe(true)
      await writeFile(path, lines(1, 3))
      expect(await check.isWhole()).toBe(true)
      await appendFile(path, lines(4, 5000))
      expect(await check.isWhole()).toBe(true)
      await appendFile(path, lines(5001, 5001))
      expect(await check.isWhole()).toBe(true)
    })

    it('waits for the end of a line that is being written', async () => {
      const check = createLedgerCheck(path)
      const line = lines(2, 2)
      await writeFile(path, lines(1, 1) + line.slice(0, 50))
      expect(await check.isWhole()).toBe(true)
      await appendFile(path, line.slice(50))
      expect(await check.isWhole()).toBe(true)
    })
  })

  describe('when a line was changed, lost or moved', () => {
    it.each([
      ['a digit', (text: string) => text.replace('65536', '65537')],
      ['a line', (text: string) => text.split('\n').toSpliced(3, 1).join('\n')],
      ['the first line', (text: string) => text.slice(text.indexOf('\n') + 1)],
      ['an empty line', (text: string) => `${text}\n`],
      ['a flood without an end', (text: string) => text + 'x'.repeat(513)],
      ['an unknown event in the last line', (text: string) => changeLast(text, 'stored', 'gone')],
      [
        'a word as receipt',
        (text: string) => text.replace(/"[0-9a-f]{64}"(?=,"bytes".*\n$)/, '"tip"'),
      ],
      [
        'no receipt',
        (text: string) => text.replace(/"receipt":"[0-9a-f]{64}",(?="bytes".*\n$)/, ''),
      ],
      ['negative bytes', (text: string) => changeLast(text, '65536', '-1')],
      ['a day that is none', (text: string) => changeLast(text, '2026-11-23', '2026-11-31')],
      ['a word as day', (text: string) => changeLast(text, '2026-11-23', 'yesterday')],
    ])('detects %s', async (_name, change) => {
      await writeFile(path, change(lines(1, 10)))
      expect(await createLedgerCheck(path).isWhole()).toBe(false)
    })

    it('treats 512 bytes without a newline as a line that is being written', async () => {
      await writeFile(path, lines(1, 1) + 'x'.repeat(512))
      expect(await createLedgerCheck(path).isWhole()).toBe(true)
    })
  })

  describe('when it becomes shorter than it was', () => {
    it('is broken until it has the lines again that were seen before', async () => {
      await writeFile(path, lines(1, 10))
      const check = createLedgerCheck(path)
      expect(await check.isWhole()).toBe(true)
      const whole = await readFile(path)
      await truncate(path, lines(1, 9).length)
      expect(await check.isWhole()).toBe(false)
      expect(await check.isWhole()).toBe(false)
      await writeFile(path, whole)
      expect(await check.isWhole()).toBe(true)
    })

    it('is broken when it is gone', async () => {
      await writeFile(path, lines(1, 10))
      const check = createLedgerCheck(path)
      await check.isWhole()
      await rm(path)
      expect(await check.isWhole()).toBe(false)
    })
  })
})
