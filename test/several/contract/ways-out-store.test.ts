import { randomBytes } from 'node:crypto'
import { expect, describe, it } from 'vitest'
import { watchBucket } from '../../../src/ops/bucket-watch.ts'
import { putBlob } from '../../store/contract.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'

describe.skipIf(!hasCeph)('what ops sees of a store', () => {
  const ceph = useCeph()
  const patience = { timeout: 120_000, interval: 500 }

  it("distinguishes 'STORE_DOWN' from 'STORE_FULL', and sees when each is over", async () => {
    const store = await openOn(placeOf(ceph()))
    await putBlob(store, randomBytes(70_000))
    const watch = watchBucket(store, { lookMs: 500 })
    const well = { isUp: true, isFull: false, suspects: 0 }
    await expect.poll(() => watch.state(), patience).toEqual(well)
    await ceph().limitBytes(1)
    await expect.poll(() => watch.state(), patience).toEqual({ ...well, isFull: true })
    await ceph().limitBytes(null)
    await expect.poll(() => watch.state(), patience).toEqual(well)
    await ceph().gateway.kill()
    await expect.poll(() => watch.state().isUp, patience).toBe(false)
    ceph().gateway.start()
    await expect.poll(() => watch.state(), patience).toEqual(well)
    watch.stop()
    // The trial of its room leaves nothing in the bucket.
    expect(await Array.fromAsync(store.bucket.list('probe'))).toEqual([])
  }, 400_000)
})
