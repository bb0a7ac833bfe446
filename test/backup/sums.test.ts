import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BackupError } from '../../src/backup/errors.ts'
import { listGenerations, nameGeneration } from '../../src/backup/generations.ts'
import { envelopeAt, formatSums, parseSums } from '../../src/backup/sums.ts'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTempDir } from '../support/temp-dir.ts'

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
const bytesOf = (...lines: string[]) =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
const codeOf = (bytes: Uint8Array): string => {
  try {
    parseSums(bytes)
    return 'none'
  } catch (error) {
    return error instanceof BackupError ? error.code : String(error)
  }
}

describe('the sums of a backup', () => {
  const sums = new Map([
    [`sealed/${a}.age`, a],
    [`incoming/${b}.age`, b],
    [`quarantine/${a}.age`, b],
    [`quarantine/${a}.reason`, b],
    ['ledger.jsonl', a],
    [`acknowledgements/${a}.json`, a],
    [`acknowledgements/${a}.json.minisig`, b],
    ['keys/root.pub', a],
    ['export.key', b],
  ])

  it('are read as they were written, whatever their order', () => {
    expect(new Map([...parseSums(formatSums(sums))].sort())).toEqual(new Map([...sums].sort()))
    expect(formatSums(new Map([...sums].reverse()))).toEqual(formatSums(sums))
  })

  it.each([
    ['a way out of the folder', `${a}  ../sealed/${a}.age`],
    ['an absolute path', `${a}  /etc/passwd`],
    ['a folder that is none of ours', `${a}  uploads/${a}.age`],
    ['another file of the data folder', `${a}  demo/demo.identity`],
    ['a marker', `${a}  draining`],
    ['an envelope with another digest than its name', `${a}  sealed/${b}.age`],
    ['one blank', `${a} ledger.jsonl`],
    ['the star of binary mode', `${a} *ledger.jsonl`],
    ['capitals', `${a.toUpperCase()}  ledger.jsonl`],
    ['a carriage return', `${a}  ledger.jsonl\r`],
    ['an empty line', ''],
  ])('are refused for %s', (_, text) => expect(codeOf(bytesOf(text))).toBe('SUMS_INVALID'))

  it('are refused if a path occurs twice, and when cut short', () => {
    expect(codeOf(bytesOf(`${a}  ledger.jsonl`, `${b}  ledger.jsonl`))).toBe('SUMS_INVALID')
    expect(codeOf(bytesOf(`${a}  ledger.jsonl`).subarray(0, -1))).toBe('SUMS_INVALID')
  })

  it('never throw anything but SUMS_INVALID, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(['none', 'SUMS_INVALID']).toContain(codeOf(bytes))
      }),
    )
  })

  it('recognise an envelope by its path', () => {
    expect(envelopeAt(`sealed/${a}.age`)).toEqual({ prefix: 'sealed', receipt: a })
    expect(envelopeAt('ledger.jsonl')).toBeNull()
  })
})

describe('the names of backups', () => {
  it('are days, with a number from the second on', () => {
    expect(nameGeneration('2026-11-23', [])).toBe('2026-11-23')
    expect(nameGeneration('2026-11-23', ['2026-11-22.7', '2026-11-23'])).toBe('2026-11-23.2')
    expect(nameGeneration('2026-11-23', ['2026-11-23', '2026-11-23.10'])).toBe('2026-11-23.11')
  })

  it('are distinguished from other folders, the newest last', async () => {
    const dir = await makeTempDir()
    for (const name of [
      '2026-11-23.10',
      '2026-11-23',
      '2026-11-23.9',
      '2026-11-9',
      '.partial',
      'notes',
      '2025-01-01',
    ])
      await mkdir(join(dir, name))
    expect(await listGenerations(dir)).toEqual([
      '2025-01-01',
      '2026-11-23',
      '2026-11-23.9',
      '2026-11-23.10',
    ])
    expect(await listGenerations(join(dir, 'nothing'))).toEqual([])
  })
})
