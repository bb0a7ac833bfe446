import { SendingControl } from '../../../src/page/sealing/sending-control.ts'
import { passingProblems, problemStatus } from '../../../src/wire/problem-codes.ts'
import { createHash } from 'node:crypto'
import { createChallenge, verifySolution } from 'altcha-lib/v1'
import { describe, expect, it, vi } from 'vitest'
import { seeded } from './seeded-bytes.ts'
import { sampleTip } from '../../tip/sample-tip.ts'
import { openSealed, sendAll, startSite } from './site.ts'
import type { TusStub } from './tus-stub.ts'
import { startTusStub } from './tus-stub.ts'
import type { SendingProgress } from '../../../src/page/sealing/sealer.ts'

const { attachments: _sample, ...tip } = sampleTip
const mebibyte = 1024 * 1024
const photo = seeded(300_000, 1)
const video = seeded(3 * mebibyte + 12_345, 2)

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function fileOf(bytes: Uint8Array, name: string, type = ''): File {
  return new File([new Uint8Array(bytes)], name, { type })
}

function onlyUpload({ uploads }: TusStub): Buffer {
  expect(uploads.size).toBe(1)
  return [...uploads.values()][0]!.bytes
}

type Sealer = ReturnType<typeof startSite>['sealer']

function addPhoto(sealer: Sealer): number[] {
  return [sealer.addFile(fileOf(photo, '사진 1.jpg', 'image/jpeg'), { metadata: 'remove' }).id]
}

function addFiles(sealer: Sealer): number[] {
  return [
    ...addPhoto(sealer),
    sealer.addFile(fileOf(video, 'clip.mp4', 'video/mp4'), { metadata: 'keep' }).id,
  ]
}

async function expectWhole(stub: TusStub, receipt: string): Promise<void> {
  const envelope = onlyUpload(stub)
  expect(digest(envelope)).toBe(receipt)
  const opened = await openSealed(envelope)
  expect(Buffer.from(opened.files.get('attachments/사진 1.jpg') ?? []).equals(photo)).toBe(true)
  expect(Buffer.from(opened.files.get('attachments/clip.mp4') ?? []).equals(video)).toBe(true)
  expect(opened.tip).toEqual({
    ...tip,
    attachments: [
      {
        name: '사진 1.jpg',
        media_type: 'image/jpeg',
        bytes: photo.length,
        sha256: digest(photo),
        metadata: 'none_found',
      },
      {
        name: 'clip.mp4',
        media_type: 'video/mp4',
        bytes: video.length,
        sha256: digest(video),
        metadata: 'kept',
      },
    ],
  })
}

const phases = (progress: SendingProgress[]) =>
  progress.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1])

describe('send', () => {
  it('uploads a sealed tip with its files, and returns the receipt', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    const { fingerprint } = await sealer.loadKeyring()
    expect(fingerprint).toHaveLength(8)
    const { receipt, progress } = await sendAll(sealer, tip, addFiles(sealer))
    await expectWhole(stub, receipt)
    expect(phases(progress)).toEqual(['preparing', 'sending', 'finishing'])
    expect(progress.at(-1)).toMatchObject({
      doneBytes: onlyUpload(stub).length,
      totalBytes: onlyUpload(stub).length,
      interruptions: 0,
    })
  })

  it('sends the server the fingerprint of the keyring and no other metadata', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    await sendAll(sealer, tip)
    expect(stub.created.map(({ metadata }) => metadata)).toEqual([
      expect.stringMatching(/^keyring [A-Za-z0-9+/=]+$/),
    ])
    expect(Buffer.from(stub.created[0]!.metadata.split(' ')[1]!, 'base64').toString()).toMatch(
      /^[0-9a-f]{64}$/,
    )
    expect(stub.requests).toEqual(['POST /uploads', 'PATCH /uploads/…'])
  })

  it('sends a second tip after the first, under another key', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    const receipts = [await sendAll(sealer, tip), await sendAll(sealer, tip)].map(
      ({ receipt }) => receipt,
    )
    expect(new Set(receipts).size).toBe(2)
  })
})

describe('when the connection', () => {
  it.each([
    [
      'breaks in the middle of a slice',
      { method: 'PATCH', fromOffset: 600_000, cutAfterBytes: 100_001 },
    ],
    ['breaks before the first byte', { method: 'PATCH', cutAfterBytes: 0 }],
    ['breaks while an upload is asked for', { method: 'POST', isAnswerLost: true, status: 502 }],
    ['loses an answer', { method: 'PATCH', fromOffset: 500_000, isAnswerLost: true }],
    ['loses the last answer', { method: 'PATCH', fromOffset: 3_350_000, isAnswerLost: true }],
    ['is locked by its own dead half', { method: 'PATCH', fromOffset: 500_000, status: 423 }],
    ['meets another offset', { method: 'PATCH', fromOffset: 500_000, status: 409 }],
  ])('%s, continues by itself with one upload', async (_what, fault) => {
    const stub = await startTusStub()
    stub.faults.push(fault)
    const { sealer } = startSite(stub.url)
    const { receipt, progress } = await sendAll(sealer, tip, addFiles(sealer))
    expect(stub.faults).toEqual([])
    await expectWhole(stub, receipt)
    expect(progress.at(-1)).toMatchObject({ interruptions: 1 })
    expect(phases(progress)).toContain('waiting')
  })

  it.each(passingProblems)(
    'is answered with %s, repeats the request and counts no interruption',
    async (problem) => {
      const stub = await startTusStub()
      stub.faults.push({ method: 'POST', status: problemStatus[problem], problem })
      const { sealer } = startSite(stub.url)
      const { receipt, progress } = await sendAll(sealer, tip, addPhoto(sealer))
      expect(digest(onlyUpload(stub))).toBe(receipt)
      expect(progress.filter((each) => each.problem === problem)).not.toEqual([])
      expect(progress.at(-1)).toMatchObject({ interruptions: 0, problem: null })
    },
  )

  it('waits as long as Retry-After says', async () => {
    const stub = await startTusStub()
    const fault = { method: 'POST', status: 503, problem: 'DRAINING', retryAfterSeconds: 1 }
    stub.faults.push(fault)
    const waits: number[] = []
    vi.spyOn(SendingControl.prototype, 'sleep').mockImplementation(async (ms) => {
      waits.push(ms)
    })
    const { sealer } = startSite(stub.url)
    await sendAll(sealer, tip, addPhoto(sealer))
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeGreaterThanOrEqual(1_000)
  })

  it.each(['POST', 'PATCH'])(
    'meets a full server at a %s, asks nothing again by itself',
    async (method) => {
      const stub = await startTusStub()
      stub.faults.push({ method, status: 507, problem: 'NO_SPACE' })
      const { sealer } = startSite(stub.url)
      await expect(sendAll(sealer, tip, addPhoto(sealer))).rejects.toMatchObject({
        code: 'NO_SPACE',
      })
      expect(stub.requests.filter((request) => request.startsWith(method))).toHaveLength(1)
    },
  )

  it('breaks at ten random places, still delivers one identical envelope', async () => {
    const stub = await startTusStub()
    const random = seeded(40, 7)
    for (let cut = 0; cut < 10; cut++)
      stub.faults.push({
        method: 'PATCH',
        fromOffset: cut * 300_000,
        cutAfterBytes: 1 + random[cut]! * 900,
      })
    const { sealer } = startSite(stub.url)
    const { receipt, progress } = await sendAll(sealer, tip, addFiles(sealer))
    await expectWhole(stub, receipt)
    expect(stub.faults).toEqual([])
    expect(progress.at(-1)?.interruptions).toBe(10)
  })

  it('breaks again and again without getting further, counts one interruption', async () => {
    const stub = await startTusStub()
    for (let time = 0; time < 3; time++)
      stub.faults.push({ method: 'PATCH', fromOffset: 1_000_000, status: 503 })
    const { sealer } = startSite(stub.url)
    const { progress } = await sendAll(sealer, tip, addFiles(sealer))
    expect(stub.faults).toEqual([])
    expect(progress.at(-1)?.interruptions).toBe(1)
  })

  it('is away while the server restarts, continues when it is back', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    let isDown = false
    stub.faults.push({
      method: 'PATCH',
      fromOffset: 1_000_000,
      before: () => void (isDown = true),
      status: 500,
    })
    const progress: SendingProgress[] = []
    let restarted: Promise<void> | null = null
    const { done } = sealer.send(tip, addFiles(sealer), (report) => {
      progress.push(report)
      if (isDown && report.phase === 'waiting') restarted ??= stub.stop().then(() => stub.listen())
    })
    await expectWhole(stub, (await done).receipt)
    expect(restarted).not.toBeNull()
  })

  it('comes back, continues without waiting for the rest of its delay', async () => {
    const stub = await startTusStub()
    stub.faults.push({ method: 'PATCH', cutAfterBytes: 10 })
    const { sealer, online } = startSite(stub.url, {
      backoff: { reset: () => undefined, nextMs: () => 3_600_000 } as never,
    })
    const { done } = sealer.send(
      tip,
      [],
      ({ phase }) =>
        void (phase === 'waiting' && setImmediate(() => online.dispatchEvent(new Event('online')))),
    )
    expect((await done).receipt).toBe(digest(onlyUpload(stub)))
  })
})

describe('when the server has lost', () => {
  it('some confirmed bytes, starts again under another key', async () => {
    const stub = await startTusStub()
    const lose = (upload?: { bytes: Buffer }) =>
      void (upload && (upload.bytes = upload.bytes.subarray(0, 400_000)))
    stub.faults.push({ method: 'PATCH', fromOffset: 1_000_000, before: lose, status: 500 })
    const { sealer } = startSite(stub.url)
    const { receipt } = await sendAll(sealer, tip, addFiles(sealer))
    expect(stub.created).toHaveLength(2)
    const [lost, whole] = stub.created
    expect(whole!.bytes.subarray(0, 200).equals(lost!.bytes.subarray(0, 200))).toBe(false)
    expect(digest(whole!.bytes)).toBe(receipt)
    await openSealed(whole!.bytes)
  })

  it('its state and claims more bytes than were sent, starts again', async () => {
    const stub = await startTusStub()
    const claim = (upload?: { bytes: Buffer }) =>
      void (upload && (upload.bytes = Buffer.alloc(2_500_000)))
    stub.faults.push({ method: 'PATCH', fromOffset: 200_000, before: claim, status: 500 })
    const { sealer } = startSite(stub.url)
    const { receipt } = await sendAll(sealer, tip, addFiles(sealer))
    expect(stub.created).toHaveLength(2)
    expect(digest(stub.created[1]!.bytes)).toBe(receipt)
  })

  it.each([404, 410])('the upload (%i), starts again under another key', async (status) => {
    const stub = await startTusStub()
    const forgetAll = () => stub.uploads.clear()
    stub.faults.push({ method: 'PATCH', fromOffset: 1_000_000, before: forgetAll, status })
    const { sealer } = startSite(stub.url)
    const { receipt } = await sendAll(sealer, tip, addFiles(sealer))
    await expectWhole(stub, receipt)
    expect(stub.created).toHaveLength(2)
  })

  it('each upload, because another intake answers, sends the next envelope in one request', async () => {
    const stub = await startTusStub()
    for (let n = 0; n < 2; n += 1) stub.faults.push({ method: 'PATCH', status: 404 })
    const { sealer } = startSite(stub.url)
    const { receipt } = await sendAll(sealer, tip, addFiles(sealer))
    const whole = stub.created.at(-1)!.bytes
    expect(digest(whole)).toBe(receipt)
    await openSealed(whole)
    expect(stub.requests.filter((request) => !request.startsWith('GET'))).toEqual([
      'POST /uploads',
      'PATCH /uploads/…',
      'POST /uploads',
      'PATCH /uploads/…',
      'POST /submissions',
    ])
  })

  it('the upload but knows the receipt, asks for the receipt instead of sending twice', async () => {
    const stub = await startTusStub()
    stub.faults.push(
      { method: 'PATCH', fromOffset: 3_350_000, isAnswerLost: true },
      { method: 'HEAD', before: () => stub.uploads.clear(), status: 404 },
    )
    const { sealer } = startSite(stub.url)
    const { receipt } = await sendAll(sealer, tip, addFiles(sealer))
    expect(stub.created).toHaveLength(1)
    expect(receipt).toBe(digest(stub.created[0]!.bytes))
    expect(stub.requests.at(-1)).toBe('GET /receipts')
  })
})

describe('when the server', () => {
  it('answers with another receipt, rejects with RECEIPT_MISMATCH', async () => {
    const stub = await startTusStub()
    stub.answerReceipt = () => '0'.repeat(64)
    const { sealer } = startSite(stub.url)
    await expect(sendAll(sealer, tip)).rejects.toMatchObject({
      name: 'SealingError',
      code: 'RECEIPT_MISMATCH',
    })
  })

  it('names no receipt, asks whether the tip has arrived', async () => {
    const stub = await startTusStub()
    stub.answerReceipt = () => null
    const { sealer } = startSite(stub.url)
    expect((await sendAll(sealer, tip)).receipt).toBe(digest(onlyUpload(stub)))
    expect(stub.requests).toContain('GET /receipts')
  })

  it('claims to have the whole upload at once, rejects with RECEIPT_MISMATCH', async () => {
    const stub = await startTusStub()
    stub.faults.push({
      method: 'PATCH',
      fromOffset: 300_000,
      status: 500,
      before: (upload) => void (upload!.bytes = Buffer.alloc(upload!.length)),
    })
    const { sealer } = startSite(stub.url)
    await expect(sendAll(sealer, tip, addFiles(sealer))).rejects.toMatchObject({
      code: 'RECEIPT_MISMATCH',
    })
  })

  it.each([
    [413, 'TOO_LARGE', 'TOO_LARGE', /larger/],
    [400, 'HEADER_INVALID', 'REFUSED', /HEADER_INVALID/],
    [404, 'NOT_FOUND', 'REFUSED', /NOT_FOUND/],
    [415, undefined, 'REFUSED', /415/],
  ])('answers %i %s, rejects with %s', async (status, problem, code, message) => {
    const stub = await startTusStub()
    stub.faults.push({ method: 'POST', status, ...(problem === undefined ? {} : { problem }) })
    const { sealer } = startSite(stub.url)
    await expect(sendAll(sealer, tip)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('gives the upload a URL on another origin, sends nothing there', async () => {
    const [stub, elsewhere] = [await startTusStub(), await startTusStub()]
    stub.server.prependOnceListener('request', (_request, response) => {
      const writeHead = response.writeHead.bind(response) as (
        status: number,
        headers: object,
      ) => typeof response
      response.writeHead = ((status: number, headers: object) =>
        writeHead(status, { ...headers, Location: `${elsewhere.url}/uploads/x` })) as never
    })
    const { sealer } = startSite(stub.url)
    await sendAll(sealer, tip)
    expect(elsewhere.requests).toEqual([])
  })
})

describe('when the server asks for a proof of work', () => {
  const ask = async (number = 700) => {
    const { salt, challenge, signature } = await createChallenge({
      hmacKey: 'key of a test',
      number,
      maxnumber: 1000,
    })
    return {
      method: 'POST',
      status: 429,
      problem: 'PROOF_OF_WORK_NEEDED',
      challenge: { algorithm: 'SHA-256' as const, challenge, maxnumber: 1000, salt, signature },
    }
  }
  const proofsSeen = ({ headersSeen }: TusStub) =>
    headersSeen.map((headers) => headers['tumen-proof-of-work'])

  it('computes the proof, starts at once and sends it with the creation only', async () => {
    const stub = await startTusStub()
    stub.faults.push(await ask())
    const { sealer } = startSite(stub.url)
    const { progress } = await sendAll(sealer, tip, addPhoto(sealer))
    const [first, proof = '', ...others] = proofsSeen(stub)
    expect([
      first,
      await verifySolution(String(proof), 'key of a test'),
      others.every((header) => header === undefined),
    ]).toEqual(['none', true, true])
    expect(phases(progress)).toEqual(['preparing', 'sending', 'proving', 'sending', 'finishing'])
  })

  it('keeps its proof while no place is free', async () => {
    const stub = await startTusStub()
    stub.faults.push(await ask(), { method: 'POST', status: 503, problem: 'TOO_MANY_UPLOADS' })
    const { sealer } = startSite(stub.url)
    await sendAll(sealer, tip)
    const [, proof, again] = proofsSeen(stub)
    expect([typeof proof, again]).toEqual(['string', proof])
  })

  it('pauses before each retry when it is asked repeatedly', async () => {
    const stub = await startTusStub()
    stub.faults.push(await ask(1), await ask(2), await ask(3))
    const { sealer } = startSite(stub.url)
    const { progress } = await sendAll(sealer, tip)
    expect(phases(progress).filter((phase) => phase === 'proving' || phase === 'waiting')).toEqual([
      'proving',
      'proving',
      'waiting',
      'proving',
      'waiting',
    ])
  })

  it('tries again later when the challenge has no solution', async () => {
    const stub = await startTusStub()
    const asked = await ask()
    stub.faults.push({ ...asked, challenge: { ...asked.challenge, challenge: '0'.repeat(64) } })
    const { sealer } = startSite(stub.url)
    expect((await sendAll(sealer, tip)).progress.at(-1)).toMatchObject({
      phase: 'finishing',
      interruptions: 1,
    })
    expect(proofsSeen(stub).slice(0, 2)).toEqual(['none', 'none'])
  })
})

describe('pause', () => {
  it('stops the upload until resume, and counts no interruption', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    const progress: SendingProgress[] = []
    let requestsWhenPaused = 0
    const sending = sealer.send(tip, addFiles(sealer), (report) => {
      progress.push(report)
      if (report.phase !== 'paused') return
      requestsWhenPaused = stub.requests.length
      setTimeout(() => {
        expect(stub.requests).toHaveLength(requestsWhenPaused)
        sending.resume()
      }, 100)
    })
    stub.faults.push({
      method: 'PATCH',
      fromOffset: 1_000_000,
      isSilent: true,
      before: () => sending.pause(),
    })
    await expectWhole(stub, (await sending.done).receipt)
    expect(phases(progress)).toEqual(['preparing', 'sending', 'paused', 'sending', 'finishing'])
    expect(progress.at(-1)?.interruptions).toBe(0)
  })
})

describe('cancel', () => {
  it('rejects with CANCELLED, asks the server to delete the upload, and allows another tip', async () => {
    const stub = await startTusStub()
    const { sealer } = startSite(stub.url)
    const ids = addFiles(sealer)
    const sending = sealer.send(tip, ids, () => undefined)
    stub.faults.push({
      method: 'PATCH',
      fromOffset: 1_000_000,
      isSilent: true,
      before: () => sending.cancel(),
    })
    await expect(sending.done).rejects.toMatchObject({ code: 'CANCELLED' })
    const { receipt } = await sendAll(sealer, tip, ids)
    await expect
      .poll(() => stub.requests.filter((request) => request.startsWith('DELETE')))
      .toHaveLength(1)
    await expectWhole(stub, receipt)
  })
})
