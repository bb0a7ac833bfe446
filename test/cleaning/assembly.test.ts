import { describe, expect, it } from 'vitest'
import { Assembly, maxParts } from '../../src/cleaning/assembly.ts'
import { BlobReader } from '../../src/cleaning/blob-reader.ts'

const file = new Blob(['0123456789'])
const reader = new BlobReader(file)

describe('Assembly', () => {
  it('is unchanged when every range is kept or replaced by the same bytes', async () => {
    const assembly = new Assembly()
    assembly.keep(0, 3)
    await assembly.replace(reader, 3, 5, new Uint8Array([0x33, 0x34]))
    assembly.keep(5, 5)
    assembly.keep(5, 10)
    expect([assembly.isWhole(file), assembly.bytes]).toEqual([true, 10])
  })

  it.each([
    ['something is left out', (assembly: Assembly) => assembly.keep(5, 10)],
    ['something is missing at the end', (assembly: Assembly) => assembly.keep(4, 9)],
    [
      'something is put in',
      (assembly: Assembly) => {
        assembly.put(new Uint8Array(1))
        assembly.keep(4, 10)
      },
    ],
  ])('is not when %s', (_, change) => {
    const assembly = new Assembly()
    assembly.keep(0, 4)
    change(assembly)
    expect(assembly.isWhole(file)).toBe(false)
  })

  it('concatenates ranges, bytes and other assemblies', async () => {
    const [assembly, other] = [new Assembly(), new Assembly()]
    other.keep(4, 6)
    other.put(new Uint8Array([0x61]))
    assembly.keep(8, 10)
    assembly.append(other)
    await assembly.replace(reader, 0, 2, new Uint8Array([0x62, 0x63]))
    await assembly.replace(reader, 0, 2, new Uint8Array([0x64]))
    expect([await assembly.toBlob(file).text(), assembly.bytes]).toEqual(['8945abcd', 8])
  })

  it('accepts the maximum number of parts, and not one more', () => {
    const assembly = new Assembly()
    for (let i = 0; i < maxParts; i += 1) assembly.put(new Uint8Array(1))
    expect(() => assembly.put(new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    )
  })
})
