import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeRecord,
  encodeRecord,
  RECORD_BYTES,
  type UploadRecord,
} from '../../src/store/upload-record.ts'

const receipts = fc.stringMatching(/^[0-9a-f]{64}$/)
const records: fc.Arbitrary<UploadRecord> = fc
  .tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.boolean(), fc.option(receipts))
  .map(([one, other, isOldKeyring, receipt]) => ({
    bytes: Math.max(one, other),
    durableBytes: Math.min(one, other),
    isOldKeyring,
    receipt,
  }))

const blockOf = (text: string): Uint8Array => Buffer.from(text.padEnd(RECORD_BYTES))

describe('a record', () => {
  it('is one block, and is read back unchanged', () => {
    fc.assert(
      fc.property(records, (record) => {
        const block = encodeRecord(record)
        expect(block).toHaveLength(RECORD_BYTES)
        expect(decodeRecord(block)).toEqual(record)
      }),
    )
  })

  it('holds nothing else', () => {
    const text = Buffer.from(
      encodeRecord({ bytes: 5, durableBytes: 3, isOldKeyring: false, receipt: null }),
    ).toString()
    expect(text.trimEnd()).toBe('{"bytes":5,"durableBytes":3,"isOldKeyring":false,"receipt":null}')
  })
})

describe('decodeRecord', () => {
  it('is null for any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: RECORD_BYTES + 10 }), (bytes) => {
        expect(decodeRecord(bytes)).toBeNull()
      }),
    )
  })

  it('is null for any other JSON', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 2 }).filter((text) => text.length <= RECORD_BYTES),
        (text) => {
          expect(decodeRecord(blockOf(text))).toBeNull()
        },
      ),
    )
  })

  const good = { bytes: 5, durableBytes: 5, isOldKeyring: true, receipt: 'a'.repeat(64) }
  it.each([
    ['a negative length', { ...good, bytes: -1 }],
    ['a length that is no whole number', { ...good, bytes: 5.5 }],
    ['more durable than announced', { ...good, durableBytes: 6 }],
    ['a receipt that is a path', { ...good, receipt: '../../etc/passwd' }],
    ['no receipt field', { ...good, receipt: undefined }],
    ['a flag that is none', { ...good, isOldKeyring: 1 }],
  ])('is null with %s', (_what, fields) => {
    expect(decodeRecord(blockOf(JSON.stringify(good)))).toEqual(good)
    expect(decodeRecord(blockOf(JSON.stringify(fields)))).toBeNull()
  })

  it('is null for a block that is one byte short or long', () => {
    const block = encodeRecord(good)
    expect(decodeRecord(block.subarray(1))).toBeNull()
    expect(decodeRecord(Buffer.concat([block, Buffer.from(' ')]))).toBeNull()
  })
})
