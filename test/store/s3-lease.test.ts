import { expect, it } from 'vitest'
import type { S3Bucket } from '../../src/store/s3-bucket.ts'
import { createLease, leaseMs } from '../../src/store/s3-lease.ts'

/** How long the holder may work after it has begun to write the lease. */
const heldMs = leaseMs - 20_000

it('counts the time of a lease from before it was written, since others may see it at once', async () => {
  let nowMs = 0
  const bucket = {
    get: async () => null,
    async put() {
      nowMs += 30_000
      return { etag: 'first' }
    },
  } as unknown as S3Bucket
  const lease = createLease({ bucket, holder: 'one', monotonicMs: () => nowMs })
  await lease.tend()
  expect(lease.isHeld()).toBe(true)
  nowMs = heldMs - 1
  expect(lease.isHeld()).toBe(true)
  nowMs = heldMs
  expect(lease.isHeld()).toBe(false)
})
