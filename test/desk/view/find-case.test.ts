import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findReceipt, idsOf, listTipFolders } from '../../../src/desk/view/find-case.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

const receipt = (beginning: string) => beginning.padEnd(64, '0')
const sorted = [receipt('1a2b3c4d5'), receipt('1a2b3c4d6'), receipt('1a2f'), receipt('9')]

describe('idsOf', () => {
  it('gives eight digits, and more where they are not enough', () => {
    expect([...idsOf(sorted).values()]).toEqual(['1a2b3c4d5', '1a2b3c4d6', '1a2f0000', '90000000'])
  })
})

describe('findReceipt', () => {
  it.each([
    ['1a2f', 2],
    ['1A2F', 2],
    ['1a2b 3c4d-5', 0],
    [receipt('9'), 3],
  ])('finds %s', (typed, index) => {
    expect(findReceipt(sorted, typed)).toBe(sorted[index])
  })

  it.each([
    ['1a2', 'CASE_UNKNOWN', '4 or more'],
    ['', 'CASE_UNKNOWN', '4 or more'],
    ['../..', 'CASE_UNKNOWN', '4 or more'],
    ['ffff', 'CASE_UNKNOWN', 'no case begins with ffff'],
    ['1a2b', 'CASE_AMBIGUOUS', '2 cases begin with 1a2b: 1a2b3c4d5, 1a2b3c4d6; type more'],
  ])('refuses %j', (typed, code, message) => {
    expect(() => findReceipt(sorted, typed)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it('names five of many', () => {
    const many = Array.from({ length: 9 }, (_, index) => receipt(`abcd${index}`))
    expect(() => findReceipt(many, 'abcd')).toThrow('abcd4000 and 4 more')
  })
})

describe('listTipFolders', () => {
  it('distinguishes receipts from other names, and leaves out those being opened', async () => {
    const casebook = await makeTempDir()
    for (const name of [receipt('b'), receipt('a'), `.partial-${receipt('c')}`, 'notes'])
      await mkdir(join(casebook, 'tips', name), { recursive: true })
    await writeFile(join(casebook, 'tips', receipt('d')), 'a file')
    expect(await listTipFolders(casebook)).toEqual({
      receipts: [receipt('a'), receipt('b')],
      strange: [receipt('d'), 'notes'],
    })
  })

  it('refuses a folder that is not a casebook', async () => {
    await expect(listTipFolders(await makeTempDir())).rejects.toMatchObject({
      code: 'NOT_A_CASEBOOK',
    })
  })
})
