import { describe, expect, it } from 'vitest'
import { isSilentTooLong } from '../../../src/server/uploads/lifetime.ts'

const MINUTE_MS = 60_000
const MEBIBYTE = 1024 * 1024

describe('isSilentTooLong', () => {
  it.each([
    ['without a byte', 0, 2 * MINUTE_MS],
    ['with half a mebibyte', MEBIBYTE / 2, 32 * MINUTE_MS],
    ['with four mebibytes', 4 * MEBIBYTE, 242 * MINUTE_MS],
  ])(
    'lets an upload %s be silent for a time that depends on its bytes',
    (_what, offset, allowedMs) => {
      const upload = { offset, lastByteMs: 1000 }
      expect([
        isSilentTooLong(upload, 999 + allowedMs),
        isSilentTooLong(upload, 1000 + allowedMs),
      ]).toEqual([false, true])
    },
  )
})
