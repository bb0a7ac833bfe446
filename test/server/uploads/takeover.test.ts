import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { drainServers } from '../../../src/server/drain.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { eventually } from '../../support/eventually.ts'
import { RawClient } from '../harness.ts'
import {
  createUpload,
  head,
  offsetOf,
  patch,
  patchHead,
  startUploadSite,
  TUS,
  type UploadSite,
  type UploadSiteOptions,
} from './harness.ts'

/** Large enough that half of it exceeds every buffer in memory. */
const ENVELOPE_BYTES = 3_000_000
const HALF = 1_600_000

let dir: string
let site: UploadSite
let envelope: TestEnvelope
let path: string

async function start(options: Partial<UploadSiteOptions> = {}): Promise<void> {
  dir = await makeTempDir()
  envelope = makeEnvelope(ENVELOPE_BYTES)
  const started = await startUploadSite({ dir, ...options })
  onTestFinished(() => started.stop())
  site = started
  path = await createUpload(site, envelope.bytes.length)
}

/**
 * Expects `bytes` to be less than `of` by at most what Node and the kernel had still buffered when
 * the request ended.
 */
function expectNearly(bytes: number, of: number): void {
  expect(bytes).toBeLessThanOrEqual(of)
  expect(bytes).toBeGreaterThan(of - 256 * 1024)
}

const partBytes = (): number =>
  statSync(join(dir, 'uploads', `${path.slice('/uploads/'.length)}.part`), {
    throwIfNoEntry: false,
  })?.size ?? 0

/** A client that sends the first half of a part and then neither a byte nor a FIN. */
async function stall(from = 0, until = HALF): Promise<RawClient> {
  const client = new RawClient(site.port)
  client.write(patchHead(path, from, envelope.bytes.length - from))
  let read = (): number => 0
  site.server.once('connection', (socket) => void (read = () => socket.bytesRead))
  client.write(envelope.bytes.subarray(from, until))
  await eventually(() => expect(read()).toBeGreaterThan(until - from))
  // Everything must be on the disk, except what is being buffered for the next write.
  await eventually(() => expect(partBytes()).toBeGreaterThanOrEqual(until - 600_000))
  return client
}

describe('when a connection is dead and has not said so', () => {
  beforeEach(() => start())

  it('admits a new HEAD and PATCH, with all bytes received so far', async () => {
    const dead = await stall()
    const offset = await offsetOf(site, path)
    const answer = await patch(site, path, offset, envelope.bytes.subarray(offset))
    expectNearly(offset, HALF)
    expect(answer.headers.get('tumen-receipt')).toBe(envelope.receipt)
    expect(await dead.closed()).toBe('')
    expect(
      Buffer.compare(
        readFileSync(join(dir, 'incoming', `${envelope.receipt}.age`)),
        envelope.bytes,
      ),
    ).toBe(0)
  })

  it('admits a new PATCH with the right offset at once', async () => {
    const dead = await stall()
    const offset = await offsetOf(site, path)
    const second = await stall(offset, offset + 1_200_000)
    expect(await dead.closed()).toBe('')
    const answer = await patch(site, path, offset, envelope.bytes.subarray(offset))
    // The second client has sent more bytes, so this offset is out of date.
    expect(answer.status).toBe(409)
    expect(await second.closed()).toBe('')
    expectNearly(await offsetOf(site, path), offset + 1_200_000)
  })

  it('also ends for a DELETE', async () => {
    const dead = await stall()
    expect((await fetch(site.url + path, { method: 'DELETE', headers: TUS })).status).toBe(204)
    expect(await dead.closed()).toBe('')
    expect(site.files('uploads')).toEqual([])
  })
})

describe('when a connection breaks in the middle of a part', () => {
  it('keeps every byte that was received', async () => {
    await start()
    const client = await stall()
    client.socket.resetAndDestroy()
    const offset = await offsetOf(site, path)
    expectNearly(offset, HALF)
    const answer = await patch(site, path, offset, envelope.bytes.subarray(offset))
    expect(answer.headers.get('tumen-receipt')).toBe(envelope.receipt)
  })
})

describe('when a client sends nothing for the idle time', () => {
  it('is cut, and what it sent is kept', async () => {
    await start({ idleSeconds: 1 })
    const client = await stall()
    expect(await client.closed()).toBe('')
    expect(partBytes()).toBe(HALF)
    expect(await offsetOf(site, path)).toBe(HALF)
  })

  it('is not cut for being slow', async () => {
    await start({ idleSeconds: 1 })
    const client = await stall(0, HALF)
    for (let sent = 0; sent < 4; sent += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      client.write(envelope.bytes.subarray(HALF + sent, HALF + sent + 1))
    }
    client.write(envelope.bytes.subarray(HALF + 4))
    expect(await client.until(/Tumen-Receipt: (\w+)/)).toContain(envelope.receipt)
  })
})

describe('slots', () => {
  beforeEach(() => start({ maxUploads: 1 }))

  it('are taken by parts in progress, and free when these end', async () => {
    const client = await stall()
    const other = await createUpload(site, 1000)
    const refused = await patch(site, other, 0, envelope.bytes.subarray(0, 500))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    client.socket.resetAndDestroy()
    await offsetOf(site, path)
    expect((await patch(site, other, 0, envelope.bytes.subarray(0, 500))).status).toBe(204)
  })

  it('do not lock out a client that returns for the upload in the last slot', async () => {
    await stall()
    const offset = await offsetOf(site, path)
    expect((await patch(site, path, offset, envelope.bytes.subarray(offset))).status).toBe(204)
  })
})

describe('draining', () => {
  it('ends a part in flight at once and keeps its bytes durable', async () => {
    await start()
    const client = await stall()
    await Promise.all([
      // Longer than the time-out of this test, so that draining does not just run out of time.
      drainServers({ http: site.server, others: [], boundMs: 600_000 }),
      site.uploads.close(),
    ])
    expect(await client.closed()).toBe('')
    const id = path.slice('/uploads/'.length)
    expect(JSON.parse(readFileSync(join(dir, 'uploads', `${id}.upload`), 'utf8'))).toMatchObject({
      durableBytes: partBytes(),
    })
    expectNearly(partBytes(), HALF)
    const next = await startUploadSite({ dir })
    onTestFinished(() => next.stop())
    const offset = await offsetOf(next, path)
    expect(offset).toBe(partBytes())
    const answer = await patch(next, path, offset, envelope.bytes.subarray(offset))
    expect(answer.headers.get('tumen-receipt')).toBe(
      createHash('sha256').update(envelope.bytes).digest('hex'),
    )
  })
})

describe('questions', () => {
  it('at the same time are all answered', async () => {
    await start()
    await patch(site, path, 0, envelope.bytes.subarray(0, 1000))
    const answers = await Promise.all(Array.from({ length: 20 }, () => head(site, path)))
    expect(answers.map(({ headers }) => headers.get('upload-offset'))).toEqual(
      answers.map(() => '1000'),
    )
  })
})
