import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { dropEntryBytes } from '../../src/replies/bounds.ts'
import { readDrop } from '../../src/replies/drop.ts'
import { makeDrop } from '../../src/replies/make-drop.ts'
import { primitives } from '../support/ceremony.ts'
import {
  countDrops,
  countSlot,
  deviationAt,
  deviations,
  fixedPositions,
  newCounts,
} from './distinguish.ts'
import { answerTo, newId, newThread } from './samples.ts'

const header =
  /^age-encryption\.org\/v1\n-> mlkem768x25519 [A-Za-z0-9+/]{1494}\n[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n$/

describe('answers and decoys', () => {
  it('have one length, one form of header, and no byte position by which they differ', async () => {
    const { real, decoys } = await countDrops(primitives, 10)
    expect(real.slots).toBe(75)
    expect(decoys.slots).toBe(75)
    expect([...real.lengths, ...decoys.lengths]).toEqual([8192, 8192])
    const found = deviations(real, decoys)
    expect(Math.max(...found)).toBeLessThan(8)
    // The fixed text of the header: two lines begin with it, four end, and one begins with dashes.
    expect(fixedPositions(real, decoys)).toBe(
      'age-encryption.org/v1\n-> mlkem768x25519 \n\n--- \n'.length,
    )
  }, 300_000)

  it('would be told apart by one byte', () => {
    const [one, other] = [newCounts(), newCounts()]
    for (let number = 0; number < 600; number += 1) {
      const file = randomBytes(8192)
      // One kind never has the three highest bits at one position.
      if (number % 2 === 1) file[5000] = (file[5000] ?? 0) & 0x1f
      countSlot(number % 2 === 0 ? one : other, file, 0)
    }
    expect(deviationAt(one, other, 5000)).toBeGreaterThan(8)
    expect(deviationAt(one, other, 5001)).toBeLessThan(8)
  })

  it('have the header of an age file with one post-quantum stanza', async () => {
    const { bytes } = await makeDrop(primitives, {
      id: newId(primitives),
      day: '2027-03-02',
      messages: [answerTo(primitives, newThread(primitives))],
      opened: [],
    })
    for (const file of readDrop(bytes).slots.values())
      expect(Buffer.from(file.subarray(0, 1627)).toString('latin1')).toMatch(header)
  })
})

describe('two drops to one thread', () => {
  it('share nothing but constants', async () => {
    const thread = newThread(primitives)
    const message = answerTo(primitives, thread, { parts: ['가'.repeat(2000), 'b'] })
    const make = async () => {
      const options = { day: '2027-03-02', messages: [message], opened: [thread.tagKey] }
      const { bytes } = await makeDrop(primitives, { id: newId(primitives), ...options })
      return Buffer.from(bytes)
    }
    const [first, second] = [await make(), await make()]
    const windowBytes = 8
    const windowsOf = (drop: Buffer) => {
      const windows: string[] = []
      for (let entry = 0; entry < 16; entry += 1) {
        const start = entry * dropEntryBytes
        // The tag, and the content after the fixed beginning of an age file.
        const begin = start + 512 + (entry === 15 ? 0 : 40)
        windows.push(...windowsIn(drop.subarray(start, start + 32)))
        windows.push(...windowsIn(drop.subarray(begin, start + dropEntryBytes)))
      }
      return windows
    }
    const windowsIn = (bytes: Buffer) =>
      Array.from({ length: bytes.length - windowBytes + 1 }, (_, at) =>
        bytes.toString('latin1', at, at + windowBytes),
      )
    const known = new Set(windowsOf(first))
    const shared = windowsOf(second).filter((window) => known.has(window))
    // Eight bytes of the header and of the name of the last entry that are always there.
    expect(
      shared.filter(
        (window) =>
          !/opened|pened\.t|ened\.ta|ned\.tag|ed\.tags|d\.tags|\.tags\0|tags\0\0|ags\0\0\0|gs\0|s\0|^\0+$/u.test(
            window,
          ),
      ),
    ).toEqual([])
  })
})
