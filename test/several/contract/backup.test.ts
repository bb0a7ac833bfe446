import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDayView } from '../../../src/store/day-view.ts'
import { createStoredSet } from '../../../src/queue/stored-today.ts'
import type { S3Place } from '../../../src/store/s3-bucket.ts'
import { runHere } from '../../cli/support/run-here.ts'
import { contentOf, digestOf, putBlob } from '../../store/contract.ts'
import { createTestRedis, type TestRedis } from '../../support/redis.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { hasCeph, openOn, placeOf, useCeph } from '../ceph-for-file.ts'
import { storeSettings } from '../machines.ts'

describe.skipIf(!hasCeph)('a backup of a host that keeps its envelopes in a bucket', () => {
  const ceph = useCeph()
  let redis: TestRedis | null = null
  afterEach(async () => await redis?.dispose())

  const hostOn = async (place: S3Place) => {
    const dir = await makeTempDir()
    const keysDir = join(dir, 'keys')
    await mkdir(keysDir)
    const env = {
      TUMEN_DATA_DIR: join(dir, 'var'),
      TUMEN_KEYS_DIR: keysDir,
      TUMEN_REDIS_URL: redis?.url ?? '',
      ...(await storeSettings(dir, place)),
    }
    return { dir, env }
  }

  it('holds every envelope, and fills a new bucket after the first one was lost', async () => {
    redis = await createTestRedis()
    const place = placeOf(ceph())
    const store = await openOn(place)
    const blobs = [100, 70_000, 17_000_000].map((bytes) => randomBytes(bytes))
    for (const bytes of blobs) await putBlob(store, bytes)
    const [today, collected, waiting] = blobs.map(digestOf)
    const view = createDayView(store, createStoredSet(redis.client()))
    await view.move(today!, 'incoming', 'sealed')
    await store.move(collected!, 'incoming', 'collected')

    const host = await hostOn(place)
    await mkdir(host.env.TUMEN_DATA_DIR, { mode: 0o700 })
    await mkdir(join(host.env.TUMEN_DATA_DIR, 'sealed'))
    await writeFile(join(host.env.TUMEN_DATA_DIR, 'ledger.jsonl'), '')
    const backup = join(host.dir, 'backups')
    const made = await runHere(host, ['backup', backup, '--json'])
    expect([made.status, JSON.parse(made.stdout)]).toMatchObject([0, { envelopes: 3 }])

    const other = placeOf(ceph())
    const fresh = await hostOn(other)
    const restored = await runHere(fresh, ['restore', backup, '--unsigned'])
    expect([restored.status, restored.stdout]).toEqual([0, expect.stringMatching(/restored 3 /)])
    const command = /tumen (store copy fs \S+[^"])"/.exec(restored.stderr)?.[1] ?? ''
    expect((await runHere(fresh, command.split(' '))).status).toBe(0)
    const again = await openOn(other)
    const places = { sealed: today, collected, incoming: waiting } as const
    for (const [prefix, receipt] of Object.entries(places)) {
      expect(await again.locate(receipt!)).toBe(prefix)
      expect(digestOf(await contentOf(again, prefix as keyof typeof places, receipt!))).toBe(
        receipt,
      )
    }
  })

  it('names an object with wrong bytes, and holds the others', async () => {
    redis = await createTestRedis()
    const place = placeOf(ceph())
    const store = await openOn(place)
    const good = randomBytes(1000)
    await putBlob(store, good)
    const wrong = digestOf(randomBytes(10))
    await store.bucket.put(`sealed/${wrong}`, randomBytes(1000))
    const host = await hostOn(place)
    await mkdir(join(host.env.TUMEN_DATA_DIR, 'sealed'), { recursive: true, mode: 0o700 })
    await writeFile(join(host.env.TUMEN_DATA_DIR, 'ledger.jsonl'), '')
    const backup = join(host.dir, 'backups')
    const made = await runHere(host, ['backup', backup, '--json'])
    expect(made.status).toBe(1)
    const outcome = JSON.parse(made.stdout) as { damaged: string[]; name: string }
    expect(outcome.damaged).toEqual([wrong])
    const sums = await readFile(join(backup, outcome.name, 'SHA256SUMS'), 'utf8')
    expect(sums).toContain(digestOf(good))
    expect(sums).not.toContain(wrong)
  })
})
