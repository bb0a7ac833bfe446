import { describe, expect, it } from 'vitest'
import { BlobReader, windowBytes } from '../../src/cleaning/blob-reader.ts'
import type { Patch } from '../../src/cleaning/patches.ts'
import { applyPatches } from '../../src/cleaning/patches.ts'

async function apply(text: string, patches: readonly Patch[], end = text.length): Promise<string> {
  const file = new Blob([text])
  return await (await applyPatches(new BlobReader(file), patches, end)).toBlob(file).text()
}

describe('applyPatches', () => {
  it('overwrites in any order, and truncates', async () => {
    const content = Buffer.from('ab')
    expect(
      await apply(
        '0123456789',
        [
          { start: 6, end: 9, content, fill: 0x2e },
          { start: 1, end: 2, content },
          { start: 9, end: 10 },
        ],
        9,
      ),
    ).toBe('0a2345ab.')
  })

  it.each([-1, 0, 1])('writes a patch that is %i bytes longer than a window', async (offset) => {
    const content = Buffer.from('x'.repeat(windowBytes - 1) + 'yz').subarray(
      0,
      windowBytes + offset,
    )
    expect(
      await apply('0'.repeat(windowBytes + 5), [
        { start: 2, end: windowBytes + 4, content, fill: 0x2e },
      ]),
    ).toBe(`00${content.toString()}${'.'.repeat(2 - offset)}0`)
  })

  it.each([
    [
      'overlap',
      [
        { start: 1, end: 3 },
        { start: 2, end: 4 },
      ],
    ],
    ['end before they start', [{ start: 3, end: 2 }]],
  ])('refuses patches that %s', async (_, patches) => {
    await expect(apply('0123456789', patches)).rejects.toMatchObject({ code: 'MALFORMED' })
  })
})
