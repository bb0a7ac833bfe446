import { describe, expect, it } from 'vitest'
import { folderOf, formatSums, maxFlatEnvelopes, readSums } from '../../src/carry/sums.ts'
import { sha256 } from '../support/sealed.ts'

describe('an export of many envelopes', () => {
  it('puts fewer names into a folder than FAT can hold', () => {
    // A FAT folder has at most 65,536 entries; a name of 68 characters takes seven of them.
    const maxNames = Math.floor(65_536 / 7)
    expect(maxFlatEnvelopes).toBeLessThan(maxNames)
    const names = new Map<string, number>()
    for (let n = 0; n < 200_000; n += 1) {
      const folder = folderOf(sha256(Buffer.from(`${n}`)), 'split')
      names.set(folder, (names.get(folder) ?? 0) + 1)
    }
    expect(names.size).toBe(256)
    expect(Math.max(...names.values())).toBeLessThan(maxNames)
  })
})

describe('readSums', () => {
  const [one, two] = [sha256(Buffer.from('1')), sha256(Buffer.from('2'))]

  it('reads both layouts', () => {
    for (const layout of ['flat', 'split'] as const)
      expect(readSums(formatSums([one, two], layout))).toEqual({
        receipts: [one, two].sort(),
        layout,
      })
  })

  it.each([
    ['both layouts in one file', `${one}  ${one}.age\n${two}  ${two.slice(0, 2)}/${two}.age\n`],
    ['a folder of another digest', `${one}  00/${one}.age\n`],
    ['a folder above', `${one}  ../${one}.age\n`],
    ['two folders', `${one}  ${one.slice(0, 2)}/${one.slice(0, 2)}/${one}.age\n`],
    ['a path from the root', `${one}  /${one}.age\n`],
  ])('refuses %s', (_, text) => {
    expect(() => readSums(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'SUMS_INVALID' }),
    )
  })
})
