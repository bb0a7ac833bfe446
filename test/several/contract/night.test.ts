import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLease, leaseMs } from '../../../src/store/s3-lease.ts'
import type { StoredToday } from '../../../src/store/stored-today.ts'
import { createNightlyMove } from '../../../workers/night.ts'
import { digestOf, putBlob } from '../../store/contract.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'

function storedSet(): StoredToday & { all: Set<string> } {
  const all = new Set<string>()
  return {
    all,
    among: async (receipts) => new Set(receipts.filter((receipt) => all.has(receipt))),
    add: async (receipts) => receipts.forEach((receipt) => all.add(receipt)),
    forget: async (receipts) => receipts.forEach((receipt) => all.delete(receipt)),
  }
}

describe.skipIf(!hasCeph)('the nightly round on a Ceph gateway', () => {
  const ceph = useCeph()

  it('keeps only the day of what came yesterday: no time and no order', async () => {
    const store = await openOn(placeOf(ceph()))
    const stored = storedSet()
    const arrived: string[] = []
    for (let n = 0; n < 24; n += 1) {
      const bytes = randomBytes(1000 + n)
      await putBlob(store, bytes)
      arrived.push(digestOf(bytes))
    }
    await stored.add(arrived)
    // S3 reports whole seconds, so this makes sure that the last arrival is over before the round
    // begins.
    const lastArrival = Math.max(...(await timesIn(store, 'incoming')).map(({ at }) => at))
    await expect.poll(() => Date.now() - lastArrival).toBeGreaterThan(2000)
    const tomorrow = new Date(Date.now() + 86_400_000)
    const move = createNightlyMove({
      store,
      stored,
      clock: { now: () => tomorrow },
      mayMove: () => true,
      rest: async () => {},
    })
    expect(await move()).toBe(arrived.length)

    const everything = (
      await Promise.all(
        ['incoming', 'sealed', 'collected', 'quarantine', 'suspect', 'canary', 'probe'].map(
          (folder) => timesIn(store, folder),
        ),
      )
    ).flat()
    expect(everything.map(({ name }) => name).sort()).toEqual([...arrived].sort())
    for (const { at } of everything) expect(at).toBeGreaterThan(lastArrival)
    // The order of the moves is not that of the arrivals (1 in 24! by chance).
    const order = everything.toSorted((one, other) => one.at - other.at).map(({ name }) => name)
    expect(order).not.toEqual(arrived)
    expect(stored.all.size).toBe(0)
    expect(await move()).toBe(0)
  })

  it('does not move what came today, or what no worker has stored', async () => {
    const store = await openOn(placeOf(ceph()))
    const stored = storedSet()
    const bytes = randomBytes(100)
    await putBlob(store, bytes)
    const move = (day: number, mayMove = true) =>
      createNightlyMove({
        store,
        stored,
        clock: { now: () => new Date(Date.now() + day * 86_400_000) },
        mayMove: () => mayMove,
        rest: async () => {},
      })()
    expect(await move(1)).toBe(0)
    await stored.add([digestOf(bytes)])
    expect(await move(0)).toBe(0)
    expect(await move(1, false)).toBe(0)
    expect(await store.locate(digestOf(bytes))).toBe('incoming')
    expect(await move(1)).toBe(1)
    expect(await store.locate(digestOf(bytes))).toBe('sealed')
  })

  it('reveals no more than digests, sizes and times to an observer of the whole bucket', async () => {
    const store = await openOn(placeOf(ceph()))
    const bytes = randomBytes(70_000)
    await putBlob(store, bytes)
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3')
    const { bucket } = store
    const head = await bucket.client.send(
      new HeadObjectCommand({
        Bucket: bucket.place.bucket,
        Key: `${bucket.place.prefix}/incoming/${digestOf(bytes)}`,
      }),
    )
    expect(head.Metadata).toEqual({})
    expect(head.ContentDisposition).toBeUndefined()
    expect(['application/octet-stream', 'binary/octet-stream', '', undefined]).toContain(
      head.ContentType,
    )
  })

  describe('the lease', () => {
    it('is held by one of two machines, and by the other after its release', async () => {
      const { bucket } = await openOn(placeOf(ceph()))
      const leases = ['one', 'two'].map((holder) =>
        createLease({ bucket, holder, monotonicMs: () => performance.now() }),
      )
      await Promise.all(leases.map((lease) => lease.tend()))
      expect(leases.filter((lease) => lease.isHeld())).toHaveLength(1)
      const [holder, other] = leases[0]!.isHeld() ? leases : leases.toReversed()
      expect(holder!.term()).toBe(1)
      await holder!.tend()
      await other!.tend()
      expect([holder!.isHeld(), other!.isHeld()]).toEqual([true, false])
      await holder!.release()
      await other!.tend()
      expect([holder!.isHeld(), other!.isHeld(), other!.term()]).toEqual([false, true, 2])
    })

    it('is lost by a holder that was frozen, before another machine can take it', async () => {
      const { bucket } = await openOn(placeOf(ceph()))
      let now = 0
      const monotonicMs = (): number => now
      const holder = createLease({ bucket, holder: 'one', monotonicMs })
      const other = createLease({ bucket, holder: 'two', monotonicMs })
      await holder.tend()
      await other.tend()
      now = leaseMs - 1
      await other.tend()
      expect([holder.isHeld(), other.isHeld()]).toEqual([false, false])
      now = leaseMs
      await other.tend()
      expect(other.isHeld()).toBe(true)
      // The first holder wakes up: its condition fails, and it has to wait like any other.
      await holder.tend()
      expect([holder.isHeld(), other.isHeld()]).toEqual([false, true])
    })
  })
})

async function timesIn(
  store: Awaited<ReturnType<typeof openOn>>,
  folder: string,
): Promise<{ name: string; at: number }[]> {
  return (await Array.fromAsync(store.bucket.list(folder))).map(({ name, modified }) => ({
    name,
    at: modified.getTime(),
  }))
}
