import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { BlobEntry, BlobStore, Prefix, StagedBlob } from '../../src/store/blob-store.ts'

/** A store that a test can look at from two sides, as two machines would. */
export interface ContractSubject {
  store: BlobStore
  /** The same blobs, opened by another process. */
  other: BlobStore
  clock: { now(): Date; set(now: Date): void }
}

export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

export async function putBlob(
  store: BlobStore,
  bytes: Uint8Array,
  prefix: Prefix = 'incoming',
): Promise<'created' | 'exists'> {
  const staged = await store.stage(bytes.length)
  await staged.write(bytes)
  return await staged.commit(prefix, digestOf(bytes))
}

export async function contentOf(
  store: BlobStore,
  prefix: Prefix,
  receipt: string,
): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(store.read(prefix, receipt)))
}

/** Every sentence of src/store/blob-store.ts as a test, for any store. */
export function describeContract(
  name: string,
  open: () => Promise<ContractSubject>,
  sizes = { large: 3_000_001 },
): void {
  let store: BlobStore
  let other: BlobStore
  let clock: ContractSubject['clock']

  const entries = (prefix: Prefix): Promise<BlobEntry[]> => Array.fromAsync(store.list(prefix))
  const entry = async (prefix: Prefix, receipt: string): Promise<BlobEntry | undefined> =>
    (await entries(prefix)).find((one) => one.receipt === receipt)
  const midnight = (): Date => new Date(`${clock.now().toISOString().slice(0, 10)}T00:00:00Z`)
  const fresh = (length = 1000): { bytes: Buffer; receipt: string } => {
    const bytes = randomBytes(length)
    return { bytes, receipt: digestOf(bytes) }
  }

  describe(`the contract of a blob store, kept by ${name}`, () => {
    beforeEach(async () => {
      ;({ store, other, clock } = await open())
    })

    describe('a staged blob', () => {
      it.each([0, 1, 65_536, 524_289, sizes.large])(
        'keeps %i bytes as they are',
        async (length) => {
          const { bytes, receipt } = fresh(length)
          expect(await putBlob(store, bytes)).toBe('created')
          expect(Buffer.compare(await contentOf(other, 'incoming', receipt), bytes)).toBe(0)
        },
      )

      it('keeps the order of chunks', async () => {
        const { bytes, receipt } = fresh(900_000)
        const blob = await store.stage()
        for (let at = 0, step = 1; at < bytes.length; at += step, step = (step * 7) % 40_009)
          await blob.write(bytes.subarray(at, at + step))
        await blob.commit('incoming', receipt)
        expect(Buffer.compare(await contentOf(other, 'incoming', receipt), bytes)).toBe(0)
      })

      it('is invisible to others before commit', async () => {
        const { bytes, receipt } = fresh(2_000_000)
        const blob = await store.stage()
        await blob.write(bytes)
        expect(await other.locate(receipt)).toBeNull()
        expect(await Array.fromAsync(other.list('incoming'))).toEqual([])
        await blob.discard()
      })

      it('is visible to all when commit resolves', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        expect(await other.locate(receipt)).toBe('incoming')
      })

      it('is gone after discard, also if repeated, and stays after commit', async () => {
        const { bytes, receipt } = fresh()
        const blob = await store.stage()
        await blob.write(bytes)
        await Promise.all([blob.discard(), blob.discard()])
        expect(await entries('incoming')).toEqual([])
        const again = await store.stage()
        await again.write(bytes)
        await again.commit('incoming', receipt)
        await again.discard()
        expect(await store.locate(receipt)).toBe('incoming')
      })

      it('cannot be used after it has ended', async () => {
        const blob = await store.stage()
        await blob.discard()
        await expect(blob.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'STAGE_CLOSED' })
        await expect(blob.commit('incoming', 'a'.repeat(64))).rejects.toMatchObject({
          code: 'STAGE_CLOSED',
        })
      })

      it.each(['', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `../${'a'.repeat(61)}`])(
        'refuses the receipt %j',
        async (receipt) => {
          const blob: StagedBlob = await store.stage()
          await blob.write(new Uint8Array(10))
          await expect(blob.commit('incoming', receipt)).rejects.toMatchObject({
            code: 'INVALID_RECEIPT',
          })
          expect(await entries('incoming')).toEqual([])
        },
      )
    })

    describe('commit', () => {
      it.each(['incoming', 'sealed', 'collected'] as const)(
        'stores nothing twice when the same envelope is in %s',
        async (prefix) => {
          const { bytes, receipt } = fresh()
          await putBlob(store, bytes)
          if (prefix !== 'incoming') await store.move(receipt, 'incoming', prefix)
          expect(await putBlob(other, bytes)).toBe('exists')
          expect(await store.locate(receipt)).toBe(prefix)
          const found = await Promise.all(
            (['incoming', 'sealed', 'collected'] as const).map((one) => entries(one)),
          )
          expect(found.flat()).toHaveLength(1)
        },
      )

      it('does not count quarantine', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        await store.move(receipt, 'incoming', 'quarantine')
        expect(await putBlob(store, bytes)).toBe('created')
      })

      it('stores one blob for many at once, on two machines', async () => {
        const { bytes } = fresh(100_000)
        const outcomes = await Promise.all(
          Array.from({ length: 16 }, (_, n) => putBlob(n % 2 === 0 ? store : other, bytes)),
        )
        expect(outcomes.filter((outcome) => outcome === 'created').length).toBeLessThanOrEqual(1)
        expect(await entries('incoming')).toHaveLength(1)
      })

      it('stores one blob while a worker moves it on', async () => {
        for (let turn = 0; turn < 10; turn += 1) {
          const { bytes, receipt } = fresh(100)
          await putBlob(store, bytes)
          await Promise.all([
            putBlob(store, bytes),
            other.move(receipt, 'incoming', 'sealed'),
            putBlob(store, bytes),
          ])
          await other.move(receipt, 'incoming', 'sealed')
          expect(await entry('incoming', receipt)).toBeUndefined()
          expect(Buffer.compare(await contentOf(store, 'sealed', receipt), bytes)).toBe(0)
        }
      })
    })

    describe('locate', () => {
      it('gives the prefix, null for nothing, and does not search quarantine', async () => {
        const { bytes, receipt } = fresh()
        expect(await store.locate(receipt)).toBeNull()
        await putBlob(store, bytes)
        expect(await store.locate(receipt)).toBe('incoming')
        await store.move(receipt, 'incoming', 'quarantine')
        expect(await store.locate(receipt)).toBeNull()
      })
    })

    describe('read', () => {
      it('throws NOT_FOUND when there is nothing', async () => {
        await expect(contentOf(store, 'sealed', 'a'.repeat(64))).rejects.toMatchObject({
          code: 'NOT_FOUND',
        })
      })

      it('can be left early, again and again', async () => {
        const { bytes, receipt } = fresh(1_000_000)
        await putBlob(store, bytes)
        for (let turn = 0; turn < 200; turn += 1)
          for await (const piece of store.read('incoming', receipt)) {
            expect(piece.length).toBeGreaterThan(0)
            break
          }
        expect((await contentOf(store, 'incoming', receipt)).length).toBe(1_000_000)
      })
    })

    describe('list', () => {
      it('gives the size, and midnight of the day on which the blob came there', async () => {
        const { bytes, receipt } = fresh(77)
        await putBlob(store, bytes)
        expect(await entries('incoming')).toEqual([{ receipt, bytes: 77, day: midnight() }])
        await store.move(receipt, 'incoming', 'sealed')
        expect(await entries('sealed')).toEqual([{ receipt, bytes: 77, day: midnight() }])
        expect(await entries('incoming')).toEqual([])
      })

      it('uses what the caller already knows', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        const known = { bytes: 5, day: new Date('2020-01-01T00:00:00Z') }
        expect(await Array.fromAsync(store.list('incoming', () => known))).toEqual([
          { receipt, ...known },
        ])
      })
    })

    describe('move', () => {
      it('is idempotent, and says when there is nothing to move', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        expect(await store.move(receipt, 'incoming', 'sealed')).toBe('moved')
        expect(await other.move(receipt, 'incoming', 'sealed')).toBe('moved')
        expect(await store.move('0'.repeat(64), 'incoming', 'sealed')).toBe('missing')
        expect(Buffer.compare(await contentOf(store, 'sealed', receipt), bytes)).toBe(0)
      })

      it('does not bring back what was collected', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        await store.move(receipt, 'incoming', 'sealed')
        await store.move(receipt, 'sealed', 'collected')
        expect(await store.move(receipt, 'incoming', 'sealed')).toBe('moved')
        expect(await store.locate(receipt)).toBe('collected')
        expect(await entries('sealed')).toEqual([])
      })

      it('moves one blob once when two machines move it', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        await Promise.all([
          store.move(receipt, 'incoming', 'sealed'),
          other.move(receipt, 'incoming', 'sealed'),
        ])
        expect(Buffer.compare(await contentOf(store, 'sealed', receipt), bytes)).toBe(0)
        expect(await entries('incoming')).toEqual([])
      })
    })

    describe('remove', () => {
      it('removes a blob, and tolerates a missing one', async () => {
        const { bytes, receipt } = fresh()
        await putBlob(store, bytes)
        await store.remove('incoming', receipt)
        await other.remove('incoming', receipt)
        expect(await other.locate(receipt)).toBeNull()
      })
    })

    describe('freeBytes', () => {
      it('counts what open uploads have announced', async () => {
        const free = await store.freeBytes()
        const blob = await store.stage(1_000_000)
        expect(await store.freeBytes()).toBeLessThanOrEqual(free - 1_000_000)
        await blob.discard()
      })

      it('refuses to stage more than there is', async () => {
        await expect(store.stage((await store.freeBytes()) + 1)).rejects.toMatchObject({
          code: 'NO_SPACE',
        })
      })
    })
  })
}
