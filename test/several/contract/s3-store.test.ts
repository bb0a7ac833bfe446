import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, PutBucketVersioningCommand, type S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { openBucket } from '../../../src/store/s3-bucket.ts'
import { probeBucket } from '../../../src/store/s3-probe.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { openS3Store } from '../../../src/store/s3-store.ts'
import { contentOf, digestOf, putBlob } from '../../store/contract.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { storeSettings } from '../machines.ts'

const readAll = async (body: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(body))

describe.skipIf(!hasCeph)('the S3 store on a Ceph gateway', () => {
  const ceph = useCeph()

  describe('when the bucket is probed', () => {
    const made = async (
      prepare: (client: S3Client, bucket: string) => Promise<unknown>,
    ): Promise<Promise<unknown>> => {
      const place = placeOf(ceph())
      const bucket = await openBucket(place)
      await prepare(bucket.client, place.bucket)
      return probeBucket(bucket, { isCreated: false })
    }

    it('finds that conditions are honoured', async () => {
      const traits = await made((client, Bucket) =>
        client.send(new CreateBucketCommand({ Bucket })),
      )
      expect(traits).toEqual({ hasConditions: true })
    })

    it('refuses a bucket that does not exist, unless it may make it', async () => {
      await expect(made(async () => {})).rejects.toMatchObject({
        code: 'UNFIT',
        message: expect.stringContaining('TUMEN_S3_CREATE_BUCKET'),
      })
    })

    it.each(['Enabled', 'Suspended'] as const)('refuses versioning: %s', async (Status) => {
      const refused = made(async (client, Bucket) => {
        await client.send(new CreateBucketCommand({ Bucket }))
        // A bucket can only be suspended after it was enabled.
        for (const one of new Set(['Enabled', Status] as const))
          await client.send(
            new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: one } }),
          )
      })
      await expect(refused).rejects.toMatchObject({
        code: 'UNFIT',
        message: expect.stringContaining('keeps versions'),
      })
    })

    it('refuses Object Lock', async () => {
      const refused = made((client, Bucket) =>
        client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true })),
      )
      await expect(refused).rejects.toMatchObject({ code: 'UNFIT' })
    })

    it('leaves nothing behind', async () => {
      const store = await openOn(placeOf(ceph()))
      expect(await Array.fromAsync(store.bucket.list('probe'))).toEqual([])
    })

    it('refuses a wrong key with a message that does not contain it', async () => {
      const place = { ...placeOf(ceph()), secretKey: 'wrong-and-secret' }
      const probe = probeBucket(await openBucket(place), { isCreated: true })
      await expect(probe).rejects.toMatchObject({
        code: 'STORE_DOWN',
        message: expect.not.stringContaining('wrong-and-secret'),
      })
    })
  })

  describe('when an object has wrong bytes under the name of a digest', () => {
    const planted = async () => {
      const store = await openOn(placeOf(ceph()))
      const bytes = randomBytes(70_000)
      const receipt = digestOf(bytes)
      const wrong = Buffer.from(bytes)
      wrong.writeUInt8(wrong.readUInt8(5) ^ 1, 5)
      await store.bucket.put(`incoming/${receipt}`, wrong)
      return { store, bytes, receipt, wrong }
    }

    it('stores the right bytes for a receipt, and keeps the wrong ones in suspect/', async () => {
      const { store, bytes, receipt, wrong } = await planted()
      expect(await putBlob(store, bytes)).toBe('created')
      expect(Buffer.compare(await contentOf(store, 'incoming', receipt), bytes)).toBe(0)
      const aside = await store.bucket.get(`suspect/${receipt}`)
      expect(Buffer.compare(await readAll(aside!.body), wrong)).toBe(0)
      expect(await store.suspects()).toBe(1)
    })

    it('fails at the end of a read, and is gone afterwards', async () => {
      const { store, receipt } = await planted()
      await expect(contentOf(store, 'incoming', receipt)).rejects.toMatchObject({
        code: 'IO_FAILED',
      })
      await expect(contentOf(store, 'incoming', receipt)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
      expect(await store.suspects()).toBe(1)
    })

    it('does not move it on', async () => {
      const { store, receipt } = await planted()
      await expect(store.move(receipt, 'incoming', 'sealed')).rejects.toMatchObject({
        code: 'IO_FAILED',
      })
      expect(await store.locate(receipt)).toBeNull()
      // The object and its copy.
      expect(await store.suspects()).toBe(2)
    })

    it('keeps earlier suspects of the same name', async () => {
      const { store, bytes, receipt, wrong } = await planted()
      await putBlob(store, bytes)
      await store.bucket.put(`incoming/${receipt}`, wrong)
      expect(await putBlob(store, bytes)).toBe('created')
      expect(await store.suspects()).toBe(2)
    })
  })

  describe('when the gateway is killed', () => {
    it('says so, keeps no staged bytes, and accepts the same envelope afterwards', async () => {
      const place = placeOf(ceph())
      const store = await openOn(place)
      const bytes = randomBytes(70_000)
      await ceph().gateway.kill()
      await expect(putBlob(store, bytes)).rejects.toMatchObject({ code: 'STORE_DOWN' })
      await expect(store.locate(digestOf(bytes))).rejects.toMatchObject({ code: 'STORE_DOWN' })
      await expect(Array.fromAsync(store.list('incoming'))).rejects.toMatchObject({
        code: 'STORE_DOWN',
      })
      ceph().gateway.start()
      await ceph().ready()
      expect(await putBlob(store, bytes)).toBe('created')
    })

    it('can be opened meanwhile, and is probed before the first envelope', async () => {
      const place = placeOf(ceph())
      await ceph().gateway.kill()
      const store = await openOn(place)
      expect(store.traits()).toBeNull()
      ceph().gateway.start()
      await ceph().ready()
      expect(await putBlob(store, randomBytes(100))).toBe('created')
      expect(store.traits()).toEqual({ hasConditions: true })
    })
  })

  it('says STORE_DOWN when the gateway accepts connections and never answers', async () => {
    const place = { ...placeOf(ceph()), requestMs: 500 }
    const store = await openOn(place)
    ceph().gateway.freeze()
    try {
      await expect(putBlob(store, randomBytes(100))).rejects.toMatchObject({ code: 'STORE_DOWN' })
    } finally {
      ceph().gateway.thaw()
      await ceph().ready()
    }
  })

  it('says NO_SPACE when the limit of the user is reached, and accepts more when it is raised', async () => {
    const store = await openOn(placeOf(ceph()))
    await putBlob(store, randomBytes(100_000))
    await ceph().limitBytes(1)
    try {
      await expect(putBlob(store, randomBytes(100_000))).rejects.toMatchObject({ code: 'NO_SPACE' })
    } finally {
      await ceph().limitBytes(null)
    }
    await expect.poll(() => putBlob(store, randomBytes(100_000)).catch(String)).toBe('created')
  })

  it('says STORE_DOWN when the disks are full, because Ceph blocks, and accepts more afterwards', async () => {
    const store = await openOn({ ...placeOf(ceph()), requestMs: 1000 })
    const put = (): Promise<string> =>
      putBlob(store, randomBytes(1000)).catch((error) => (error as { code: string }).code)
    await expect.poll(put).toBe('created')
    await ceph().fillDisk(true)
    try {
      await expect.poll(put).toBe('STORE_DOWN')
      // Reading still works: a full store only blocks writes.
      expect(await Array.fromAsync(store.list('incoming'))).not.toEqual([])
    } finally {
      await ceph().fillDisk(false)
    }
    await expect.poll(put).toBe('created')
  })

  it('refuses to start on a bucket that must not be used', async () => {
    const place = placeOf(ceph())
    const { client } = await openBucket(place)
    await client.send(
      new CreateBucketCommand({ Bucket: place.bucket, ObjectLockEnabledForBucket: true }),
    )
    const opening = openS3Store({
      place,
      dir: await makeTempDir(),
      instance: 'test',
      reserveBytes: 0,
      clock: { now: () => new Date() },
    })
    await expect(opening).rejects.toMatchObject({ code: 'UNFIT' })
  })

  it('is copied to by "tumen store copy", and back, while both are used', async () => {
    const place = placeOf(ceph())
    const dir = await makeTempDir()
    const files = await openFsStore({
      dir,
      instance: 'test',
      reserveBytes: 0,
      clock: { now: () => new Date() },
    })
    const blobs = [randomBytes(70_000), randomBytes(17_000_000)]
    for (const bytes of blobs) await putBlob(files, bytes)
    await files.move(digestOf(blobs[0]!), 'incoming', 'sealed')
    const machine = { dir, env: { TUMEN_DATA_DIR: dir, ...(await storeSettings(dir, place)) } }
    const bucket = `s3://${place.bucket}/${place.prefix}`
    const run = async (...args: string[]) => {
      const { status, stdout, stderr } = await runHere(machine, [
        'store',
        'copy',
        ...args,
        '--json',
      ])
      expect([status, stderr]).toEqual([0, ''])
      return JSON.parse(stdout) as unknown
    }
    expect(await run('fs', bucket)).toMatchObject({ copied: 2, present: 0, damaged: 0 })
    expect(await run('fs', bucket)).toMatchObject({ copied: 0, present: 2 })
    const store = await openOn(place)
    for (const [n, prefix] of (['sealed', 'incoming'] as const).entries())
      expect(Buffer.compare(await contentOf(store, prefix, digestOf(blobs[n]!)), blobs[n]!)).toBe(0)
    const back = await makeTempDir()
    machine.env.TUMEN_DATA_DIR = back
    expect(await run(bucket, 'fs')).toMatchObject({ copied: 2, damaged: 0 })
  })
})
