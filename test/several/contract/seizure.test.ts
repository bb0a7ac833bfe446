import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import {
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import { openNotes } from '../../../src/canary/bucket-notes.ts'
import { restEarlierDays } from '../../../src/store/s3-rest.ts'
import type { S3Store } from '../../../src/store/s3-store.ts'
import { midnightOf } from '../../../src/time/day.ts'
import { createNightlyMove } from '../../../workers/night.ts'
import { sendEnvelope } from '../../faults/source.ts'
import { digestOf, putBlob } from '../../store/contract.ts'
import { createTestRedis, type TestRedis } from '../../support/redis.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { type Machines, openMachines, storedReceipts } from '../machines.ts'

describe.skipIf(!hasCeph)('a bucket that is seized', () => {
  const ceph = useCeph()
  let redis: TestRedis | null = null
  let site: Machines | null = null
  afterEach(async () => {
    await site?.dispose()
    await redis?.dispose()
    site = null
    redis = null
  })

  it('reveals only the day of what came before today: objects, parts, notes and dead letters', async () => {
    const store = await openOn(placeOf(ceph()))
    const stored = new Set<string>()
    const put = async (bytes: number): Promise<string> => {
      const content = randomBytes(bytes)
      await putBlob(store, content)
      return digestOf(content)
    }
    for (const bytes of [100, 70_000, 70_001, 17_000_000]) stored.add(await put(bytes))
    for (const prefix of ['quarantine', 'collected'] as const)
      await store.move(await put(50_000), 'incoming', prefix)
    await plantSuspect(store)
    const notes = openNotes(store, await makeTempDir())
    const canary = await put(60_000)
    await notes.write(canary, { fileKey: randomBytes(16), token: 'ab'.repeat(16) } as never)
    await leaveParts(store)
    await store.bucket.put('probe/left-by-a-killed-process', Buffer.from('x'))
    const lastEvent = Date.now()
    await expect.poll(() => Date.now() - lastEvent).toBeGreaterThan(2000)

    const night = { now: () => new Date(lastEvent + 86_400_000) }
    const move = createNightlyMove({
      store,
      stored: {
        among: async (receipts) => new Set(receipts),
        add: async () => {},
        forget: async () => {},
      },
      clock: night,
      mayMove: () => true,
      rest: (midnight) => restEarlierDays({ bucket: store.bucket, midnight, mayGoOn: () => true }),
    })
    expect(await move()).toBe(stored.size + 1)
    const seized = await everything(store)
    for (const { key, at } of seized.objects) expect([key, at > lastEvent]).toEqual([key, true])
    expect(seized.objects.map(({ key }) => key.split('/')[0]).sort()).toEqual([
      'canary',
      'collected',
      'quarantine',
      'rested',
      ...Array.from({ length: stored.size + 1 }, () => 'sealed'),
      'suspect',
    ])
    expect(seized.uploads).toBe(0)
    // Each was written once more, and not again in every night, as the note of the night is.
    const times = new Map(seized.objects.map(({ key, at }) => [key, at]))
    await expect.poll(() => Date.now() - lastEvent).toBeGreaterThan(6000)
    await restEarlierDays({
      bucket: store.bucket,
      midnight: midnightOf(new Date(lastEvent + 2 * 86_400_000)),
      mayGoOn: () => true,
    })
    for (const { key, at } of (await everything(store)).objects)
      if (key !== note) expect([key, at]).toEqual([key, times.get(key)])
  })

  it('costs requests for new objects each night, and none for those at rest', async () => {
    const store = await openOn(placeOf(ceph()))
    const { bucket } = store
    const put = async (folder: string): Promise<void> => {
      await bucket.put(`${folder}/${digestOf(randomBytes(10))}`, randomBytes(100))
    }
    const asked = countRequests(store)
    /** Runs the round of the night that begins in so many days, and counts its requests. */
    const rest = async (days: number): Promise<{ heads: number; copies: number }> => {
      asked.length = 0
      const midnight = midnightOf(new Date(Date.now() + days * 86_400_000))
      await restEarlierDays({ bucket, midnight, mayGoOn: () => true })
      const count = (name: string): number => asked.filter((one) => one === name).length
      return { heads: count('HeadObjectCommand'), copies: count('CopyObjectCommand') }
    }
    for (let n = 0; n < 12; n += 1) await put(n % 2 === 0 ? 'collected' : 'quarantine')
    // Each object is queried twice: whether it is at rest, and for its state before it is copied.
    expect(await rest(1)).toEqual({ heads: 24, copies: 12 })
    await put('collected')
    expect(await rest(2)).toEqual({ heads: 12 + 2, copies: 1 })
    expect(await rest(3)).toEqual({ heads: 0, copies: 0 })
    // A round of a wrong clock must not hide what comes before its day.
    await rest(1000)
    expect(await rest(4)).toEqual({ heads: 13, copies: 0 })
  })

  it('does not touch what was written today, and stops when another machine takes over', async () => {
    const store = await openOn(placeOf(ceph()))
    await plantSuspect(store)
    await leaveParts(store)
    const before = await everything(store)
    const rest = (midnight: Date, mayGoOn: boolean): Promise<void> =>
      restEarlierDays({ bucket: store.bucket, midnight, mayGoOn: () => mayGoOn })
    await rest(midnightOf(new Date()), true)
    await rest(midnightOf(new Date(Date.now() + 86_400_000)), false)
    const { objects, uploads } = await everything(store)
    expect(objects.filter(({ key }) => key !== note)).toEqual(before.objects)
    expect([before.uploads, uploads]).toEqual([1, 1])
  })

  it('holds no metadata of ours, and a seized host no key to it but in its two files', async () => {
    redis = await createTestRedis()
    const place = placeOf(ceph())
    site = await openMachines({ count: 2, place, redisUrl: redis.url })
    await site.start()
    const agent = new Agent()
    const sent = new Set<string>()
    for (const { socket } of site.machines)
      for (const size of [0, 3000, 200_000]) {
        const { bytes, receipt } = makeEnvelope(size)
        expect(await sendEnvelope({ socket, agent, bytes })).toMatchObject({ status: 201 })
        sent.add(receipt)
      }
    const { machines } = site
    await expect.poll(() => storedReceipts(machines)).toEqual(sent)
    const store = await openOn(place)
    for (const { key } of (await everything(store)).objects) {
      const head = await store.bucket.client.send(
        new HeadObjectCommand({ Bucket: place.bucket, Key: `${place.prefix}/${key}` }),
      )
      expect([key, head.Metadata]).toEqual([key, {}])
      expect(head.ContentDisposition).toBeUndefined()
      expect(key).toMatch(/^(incoming\/[0-9a-f]{64}|lease\/chores|rested\/day|replies\/[\w.-]+)$/)
    }
    for (const { intake, worker } of machines) {
      await intake.stop()
      await worker.stop()
    }
    const seen = [
      ...machines.map(({ intake, worker }) => intake.log + worker.log),
      ...(await Promise.all(machines.map(({ dataDir }) => contentBelow(dataDir)))),
      await contentBelow(redis.dir),
    ].join('\n')
    expect(seen.length).toBeGreaterThan(1000)
    for (const secret of [place.accessKey, place.secretKey]) expect(seen).not.toContain(secret)
  })
})

/** The note of the last whole round. */
const note = 'rested/day'

/** @returns the names of the commands, added as they are sent. */
function countRequests({ bucket }: S3Store): string[] {
  const names: string[] = []
  bucket.client.middlewareStack.add(
    (next, context) => async (request) => {
      names.push(String(context.commandName))
      return next(request)
    },
    { step: 'initialize' },
  )
  return names
}

async function plantSuspect(store: S3Store): Promise<void> {
  const receipt = digestOf(randomBytes(10))
  await store.bucket.put(`incoming/${receipt}`, randomBytes(1000))
  await Array.fromAsync(store.read('incoming', receipt)).catch(() => {})
  expect(await store.suspects()).toBe(1)
}

/** Leaves what an intake leaves that is killed while it sends a large envelope. */
async function leaveParts({ bucket: { client, place } }: S3Store): Promise<void> {
  const target = { Bucket: place.bucket, Key: `${place.prefix}/incoming/${'0'.repeat(64)}` }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  const part = { ...target, UploadId, PartNumber: 1, Body: randomBytes(5 * 1024 * 1024) }
  await client.send(new UploadPartCommand(part))
}

/** Everything that a listing of the whole bucket tells, whatever its name. */
async function everything({ bucket: { client, place } }: S3Store) {
  const page = await client.send(new ListObjectsV2Command({ Bucket: place.bucket }))
  const parts = await client.send(new ListMultipartUploadsCommand({ Bucket: place.bucket }))
  return {
    objects: (page.Contents ?? []).map(({ Key = '', LastModified }) => ({
      key: Key.slice(place.prefix.length + 1),
      at: LastModified?.getTime() ?? 0,
    })),
    uploads: parts.Uploads?.length ?? 0,
  }
}

async function contentBelow(dir: string): Promise<string> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile())
  const texts = await Promise.all(
    files.map((file) => readFile(join(file.parentPath, file.name), 'latin1').catch(() => '')),
  )
  return texts.join('\n')
}
