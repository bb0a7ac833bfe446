import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import {
  announce,
  createUpload,
  head,
  offsetOf,
  patch,
  START,
  startUploadSite,
  type UploadSite,
  type UploadSiteOptions,
} from './harness.ts'

const MINUTE_MS = 60_000
const BEGINNING = makeEnvelope(3_000_000).bytes

let dir: string
let now: Date
let site: UploadSite

async function start(options: Partial<UploadSiteOptions> = {}): Promise<void> {
  const started = await startUploadSite({ dir, now: () => now, ...options })
  onTestFinished(() => started.stop())
  site = started
}

beforeEach(async () => {
  now = START
  dir = await makeTempDir()
})

const later = (minutes: number): void => void (now = new Date(now.getTime() + minutes * MINUTE_MS))
const codeOf = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { code: string }).code

describe('the number of unfinished uploads', () => {
  it('is bounded, over a restart too, and finished ones do not count', async () => {
    await start({ maxUnfinished: 2 })
    const { bytes } = makeEnvelope(100)
    const first = await createUpload(site, bytes.length)
    await createUpload(site, bytes.length)
    const refused = await announce(site, bytes.length)
    expect([refused.status, await codeOf(refused), refused.headers.get('retry-after')]).toEqual([
      503,
      'TOO_MANY_UPLOADS',
      '60',
    ])
    await site.stop()
    await start({ maxUnfinished: 2 })
    expect((await announce(site, bytes.length)).status).toBe(503)
    await patch(site, first, 0, bytes)
    expect((await announce(site, bytes.length)).status).toBe(201)
    expect((await announce(site, bytes.length)).status).toBe(503)
  })

  it('is bounded for announcements at the same time', async () => {
    await start({ maxUnfinished: 3 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => announce(site, 1000)))
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201, 201, 201, 503, 503, 503, 503, 503,
    ])
  })

  it('above half, decreases when silent uploads have expired by their own age', async () => {
    await start({ maxUnfinished: 2 })
    const begun = await createUpload(site, BEGINNING.length)
    await patch(site, begun, 0, BEGINNING.subarray(0, 1024 * 1024))
    const empty = await createUpload(site, BEGINNING.length)
    const states = async () =>
      (await Promise.all([begun, empty].map((path) => head(site, path)))).map(
        ({ status }) => status,
      )
    later(2)
    // A request alone never removes a silent upload.
    expect((await announce(site, 1000)).status).toBe(503)
    await site.uploads.removeSilent()
    expect(await states()).toEqual([200, 404])
    expect((await announce(site, 1000)).status).toBe(201)
    later(60)
    await site.uploads.removeSilent()
    expect([await states(), site.files('uploads')]).toEqual([[404, 404], []])
  })

  it('up to half, lets every upload stay until the announced time', async () => {
    await start({ maxUnfinished: 2 })
    const path = await createUpload(site, BEGINNING.length)
    later(600)
    await site.uploads.removeSilent()
    expect((await head(site, path)).status).toBe(200)
  })
})

describe('the space for unfinished uploads', () => {
  const small = (bytes: number) => () => ({ blocks: 1_000_000, bavail: bytes, bsize: 1 })

  it('is not reserved by announced lengths', async () => {
    await start({ statfs: small(200_000) })
    for (let count = 0; count < 5; count += 1) await createUpload(site, 150_000)
    const { bytes } = makeEnvelope(1000)
    const whole = await fetch(`${site.url}/submissions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
      body: new Uint8Array(bytes),
    })
    expect(whole.status).toBe(201)
  })

  it('is closed to every length on a full disk, from the start or from the next step on', async () => {
    let free = 100_000
    await start({ statfs: () => small(free)() })
    const refused = await announce(site, 501)
    expect([refused.status, await codeOf(refused), refused.headers.get('retry-after')]).toEqual([
      507,
      'NO_SPACE',
      '60',
    ])
    free = 900_000
    site.space.look()
    expect((await announce(site, 501)).status).toBe(507)
    later(15)
    site.space.look()
    expect((await announce(site, 501)).status).toBe(201)
  })
})

/**
 * Recreates a crash after the last byte of an envelope was written and before the receipt was sent.
 */
async function dieBeforeReceipt(bytes: Buffer): Promise<string> {
  await start()
  const path = await createUpload(site, bytes.length)
  await patch(site, path, 0, bytes.subarray(0, 50))
  await site.stop()
  await writeFile(join(dir, 'uploads', `${path.slice('/uploads/'.length)}.part`), bytes)
  await start()
  return path
}

describe('an upload whose last byte came before its process died', () => {
  const { bytes, receipt } = makeEnvelope(100_000)

  it.each([
    ['the sweep', (_path: string) => site.uploads.sweep()],
    ['a question', (path: string) => head(site, path)],
    ['an empty part', (path: string) => patch(site, path, bytes.length, Buffer.alloc(0))],
  ])('goes to the spool with %s', async (_what, ask) => {
    const path = await dieBeforeReceipt(bytes)
    await ask(path)
    expect(site.announced).toEqual([receipt])
    expect(site.files('incoming')).toEqual([`${receipt}.age`])
    expect((await head(site, path)).headers.get('tumen-receipt')).toBe(receipt)
    expect(site.announced).toEqual([receipt])
  })

  it('is removed if it turns out not to be an envelope', async () => {
    await dieBeforeReceipt(makeEnvelope(100).bytes.subarray(0, -110))
    await site.uploads.sweep()
    expect([site.files('uploads'), site.files('incoming')]).toEqual([[], []])
  })
})

describe('the sweep', () => {
  it('removes after a restart what fell silent days ago', async () => {
    await start()
    const path = await createUpload(site, 1000)
    await site.stop()
    now = new Date('2026-11-24T23:00:00Z')
    await start()
    await site.uploads.sweep()
    expect(await offsetOf(site, path)).toBe(0)
    now = new Date('2026-11-25T00:00:01Z')
    await site.uploads.sweep()
    expect((await head(site, path)).status).toBe(404)
  })

  it('does not mind that the folder cannot be read', async () => {
    await start()
    await createUpload(site, 1000)
    await rename(join(dir, 'uploads'), join(dir, 'elsewhere'))
    await expect(site.uploads.sweep()).resolves.toBeUndefined()
    await rm(join(dir, 'elsewhere'), { recursive: true })
  })
})

describe('when the disk fails in the middle', () => {
  it('says so, keeps what is there, and continues when it works again', async () => {
    await start()
    const { bytes, receipt } = makeEnvelope(1_500_000)
    const path = await createUpload(site, bytes.length)
    await patch(site, path, 0, bytes.subarray(0, 10_000))
    await rename(join(dir, 'uploads'), join(dir, 'elsewhere'))
    const failed = await patch(site, path, 10_000, bytes.subarray(10_000))
    expect([failed.status, await codeOf(failed)]).toEqual([500, 'INTERNAL'])
    await rename(join(dir, 'elsewhere'), join(dir, 'uploads'))
    expect(await offsetOf(site, path)).toBe(10_000)
    expect(
      (await patch(site, path, 10_000, bytes.subarray(10_000))).headers.get('tumen-receipt'),
    ).toBe(receipt)
  })
})
