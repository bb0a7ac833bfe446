import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_FORM_OVERHEAD_BYTES } from '../../src/server/form.ts'
import { proxyLine } from '../attack/support/onion.ts'
import { problemStatus } from '../../src/wire/problem-codes.ts'
import { eventually } from '../support/eventually.ts'
import {
  digest,
  type Intake,
  type IntakeOptions,
  postRaw,
  RawClient,
  sealRandom,
  startIntake,
} from './harness.ts'

let intake: Intake

async function begin(options: IntakeOptions = {}): Promise<RawClient> {
  intake = await startIntake(options)
  return new RawClient(intake.port)
}

afterEach(() => intake.stop())

function head(headers: Record<string, string | number>, path = '/submissions'): string {
  const all = {
    Host: 'x',
    Accept: 'application/json',
    'Content-Type': 'application/octet-stream',
    ...headers,
  }
  return `POST ${path} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

const EXPECT = { Expect: '100-continue' }

describe('Expect: 100-continue', () => {
  it('asks for the body only once the head is good', async () => {
    const client = await begin()
    const envelope = await sealRandom()
    client.write(head({ ...EXPECT, 'Content-Length': envelope.length }))
    expect(await client.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    client.write(envelope)
    expect(await client.until(/"receipt"/)).toContain('HTTP/1.1 201 Created')
  })

  it.each([
    ['too large', { 'Content-Length': 1_000_001 }, {}, 413, 'TOO_LARGE'],
    [
      'of an unknown type',
      { 'Content-Length': 10, 'Content-Type': 'text/plain' },
      {},
      415,
      'UNSUPPORTED_TYPE',
    ],
    [
      'more than the disk takes',
      { 'Content-Length': 1001 },
      { statfs: () => ({ blocks: 1_000_000, bavail: 1000, bsize: 1 }) },
      507,
      'NO_SPACE',
    ],
    [
      'a form too large',
      {
        'Content-Length': 1_000_001 + MAX_FORM_OVERHEAD_BYTES,
        'Content-Type': 'multipart/form-data; boundary=x',
      },
      {},
      413,
      'TOO_LARGE',
    ],
  ])(
    'refuses a body that is %s before it is sent',
    async (_what, headers, options, status, code) => {
      const client = await begin(options)
      client.write(head({ ...EXPECT, ...headers }))
      const answer = await client.until(/"code":"\w+"/)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(answer).toContain(`"code":"${code}"`)
      expect(answer).not.toContain('100 Continue')
      expect(answer).toContain('Connection: close')
    },
  )

  it('refuses when it is closed', async () => {
    const client = await begin()
    intake.close()
    client.write(head({ ...EXPECT, 'Content-Length': 10 }))
    expect(await client.until(/"code":"\w+"/)).toMatch(/^HTTP\/1.1 503 .*"CLOSED"/s)
  })

  it('refuses when all slots are taken, and accepts the next tip when one is free again', async () => {
    const client = await begin({ maxUploads: 1 })
    client.write(head({ ...EXPECT, 'Content-Length': 10 }))
    await client.until(/100 Continue/)
    const second = new RawClient(intake.port)
    second.write(head({ ...EXPECT, 'Content-Length': 10 }))
    const answer = await second.until(/"code":"\w+"/)
    expect(answer).toMatch(/^HTTP\/1.1 503 .*"TOO_MANY_UPLOADS"/s)
    expect(answer).toContain('Retry-After: 60')
    client.socket.destroy()
    const envelope = await sealRandom()
    let status = 0
    while (status !== 201) status = (await postRaw(intake, envelope)).status
    expect(intake.announced).toEqual([digest(envelope)])
  })
})

describe('slow and dead clients', () => {
  const idleSeconds = 2

  it('waits for a client that sends a little now and then, for much longer than the idle limit', async () => {
    const client = await begin({ idleSeconds })
    const envelope = await sealRandom(1000)
    client.write(head({ 'Content-Length': envelope.length }))
    const step = Math.ceil(envelope.length / 10)
    for (let at = 0; at < envelope.length; at += step) {
      client.write(envelope.subarray(at, at + step))
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(await client.until(/"receipt"/)).toContain('201')
  })

  it.each([
    ['raw', { 'Content-Length': 900_000 }, ''],
    [
      'form',
      { 'Content-Length': 900_000, 'Content-Type': 'multipart/form-data; boundary=x' },
      '--x\r\nContent-Disposition: form-data; name="envelope"; filename="f"\r\n\r\n',
    ],
    [
      'form without a part',
      { 'Content-Length': 900_000, 'Content-Type': 'multipart/form-data; boundary=x' },
      null,
    ],
  ])('cuts a client that falls silent (%s), and leaves nothing', async (_what, headers, before) => {
    const client = await begin({ idleSeconds, maxUploads: 1 })
    const envelope = await sealRandom(800_000)
    client.write(head(headers))
    if (before !== null)
      client.write(Buffer.concat([Buffer.from(before), envelope.subarray(0, 700_000)]))
    expect(await client.until(/"code":"\w+"/)).toMatch(/^HTTP\/1.1 408 .*"BODY_TIMEOUT"/s)
    await eventually(() => expect(intake.files('tmp')).toHaveLength(0))
    expect((await postRaw(intake, envelope)).status).toBe(201)
  })

  it('cuts a client that never ends its head', async () => {
    const client = await begin({ idleSeconds })
    client.write('POST /submissions HTTP/1.1\r\n')
    await client.closed()
  })

  it.each(['raw', 'form'])('leaves nothing of a body that breaks off (%s)', async (kind) => {
    const client = await begin({ maxUploads: 1 })
    const envelope = await sealRandom(800_000)
    const type = kind === 'raw' ? {} : { 'Content-Type': 'multipart/form-data; boundary=x' }
    client.write(head({ 'Content-Length': 900_000, ...type }))
    if (kind === 'form')
      client.write('--x\r\nContent-Disposition: form-data; name="envelope"; filename="f"\r\n\r\n')
    client.write(envelope.subarray(0, 700_000))
    await eventually(() => expect(intake.files('tmp')).toHaveLength(1))
    client.socket.destroy()
    await eventually(() => expect(intake.files('tmp')).toHaveLength(0))
    let status = 0
    while (status !== 201) status = (await postRaw(intake, envelope)).status
  })
})

describe('a client that closes its side of the connection', () => {
  it.each([
    ['the ordinary listener', (): [number, string] => [intake.port, '']],
    ["tor's socket", (): [string, string] => [intake.onionPath, proxyLine(1)]],
  ])('still gets the answer to its complete tip, over %s', async (_what, listener) => {
    intake = await startIntake()
    const [target, before] = listener()
    const envelope = await sealRandom(300_000)
    const client = new RawClient(target)
    client.write(before + head({ 'Content-Length': envelope.length }))
    client.socket.end(envelope)
    const answer = await client.closed()
    expect(answer).toMatch(/^HTTP\/1.1 201 /)
    expect(answer).toContain(digest(envelope))
    expect(intake.announced).toEqual([digest(envelope)])
  })
})

describe('junk', () => {
  it.each([
    ['raw', 'application/octet-stream', ''],
    ['a preamble', 'multipart/form-data; boundary=x', ''],
    [
      'a part without a file name',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: application/octet-stream\r\n\r\n',
    ],
    [
      'an endless text',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="keyring"\r\n\r\n',
    ],
    [
      'an endless part head',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="',
    ],
    [
      'an empty file name',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="envelope"; filename=""\r\n\r\n',
    ],
  ])(
    'without end (%s) is answered early, and the answer can be read',
    async (_what, type, before) => {
      const client = await begin({ maxBytes: 2 ** 31 })
      client.write(head({ 'Content-Length': 2 ** 31 - 1, 'Content-Type': type }))
      client.write(before)
      const junk = Buffer.alloc(65_536, 'j')
      let sent = 0
      while (!client.seen.includes('"code"') && !client.isClosed && sent < 64 * 1024 * 1024) {
        sent += junk.length
        if (!client.socket.write(junk))
          await new Promise((resolve) => client.socket.once('drain', resolve))
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(await client.until(/"code":"\w+"/)).toMatch(/^HTTP\/1.1 4\d\d /)
      expect(sent).toBeLessThan(32 * 1024 * 1024)
      expect(intake.files('tmp')).toEqual([])
      client.socket.destroy()
    },
  )

  it.each([
    ['not HTTP at all', 'hello\r\n\r\n', /^HTTP\/1.1 400 .*"code"/s],
    ['a head too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
    [
      'an unknown expectation',
      'POST /submissions HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nContent-Length: 1\r\n\r\n',
      /^HTTP\/1.1 417 /,
    ],
    [
      'two lengths',
      'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      /^HTTP\/1.1 400 /,
    ],
    [
      'a length and chunks',
      'POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      /^HTTP\/1.1 400 /,
    ],
  ])('in the head (%s) gets a plain answer', async (_what, bytes, expected) => {
    const client = await begin()
    client.write(bytes)
    await client.until(expected)
    client.socket.destroy()
  })
})

describe('a form of any bytes', () => {
  const piece = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '--x',
        '--x--',
        '\r\n',
        '\r\n\r\n',
        'Content-Disposition: form-data; name="envelope"; filename="f"',
        'Content-Disposition: form-data; name="keyring"',
        'Content-Disposition: form-data',
        'Content-Type: application/octet-stream',
        '; name="a[b][c]"',
        "; filename*=utf-8''%ff",
        'age-encryption.org/v1\n',
        '__proto__',
        'name="__proto__"',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  )
  const type = fc.constantFrom(
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(300)}`,
    'multipart/form-data; boundary="x',
    'Multipart/Form-Data;boundary="x"; charset=utf-16',
  )

  it('gets a response from the table of errors, and the server continues', async () => {
    await begin({ maxUploads: 2 })
    const codes = Object.keys(problemStatus).filter((code) => code !== 'INTERNAL')
    await fc.assert(
      fc.asyncProperty(type, fc.array(piece, { maxLength: 30 }), async (contentType, pieces) => {
        const response = await fetch(`${intake.url}/submissions`, {
          method: 'POST',
          headers: { 'Content-Type': contentType },
          body: Buffer.from(pieces.join('')),
          redirect: 'manual',
        })
        expect(codes).toContain(((await response.json()) as { code: string }).code)
      }),
      { numRuns: 300 },
    )
    expect(intake.files('tmp')).toEqual([])
    expect((await postRaw(intake, await sealRandom())).status).toBe(201)
  })

  it('reads every byte of the file, wherever the body is cut', async () => {
    await begin({ maxBytes: 2_000_000 })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70_000 }),
        fc.integer({ min: 0, max: 200_000 }),
        async (step, length) => {
          const envelope = await sealRandom(length)
          const body = Buffer.concat([
            Buffer.from(
              '--x\r\nContent-Disposition: form-data; name="envelope"; filename="f"\r\n\r\n',
            ),
            envelope,
            Buffer.from('\r\n--x--\r\n'),
          ])
          const client = new RawClient(intake.port)
          client.write(
            head({
              'Transfer-Encoding': 'chunked',
              'Content-Type': 'multipart/form-data; boundary=x',
            }),
          )
          const size = Math.max(step, Math.ceil(body.length / 200))
          for (let at = 0; at < body.length; at += size) {
            const part = body.subarray(at, at + size)
            client.write(
              Buffer.concat([
                Buffer.from(`${part.length.toString(16)}\r\n`),
                part,
                Buffer.from('\r\n'),
              ]),
            )
          }
          client.write('0\r\n\r\n')
          expect(await client.until(/\}\n/)).toContain(digest(envelope))
          client.socket.destroy()
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('many at once', () => {
  it('are never more than the limit at once, and none is lost', async () => {
    await begin({ maxUploads: 3 })
    const envelopes = await Promise.all(Array.from({ length: 12 }, () => sealRandom(200_000)))
    const statuses = await Promise.all(
      envelopes.map(async (envelope) => {
        const response = await postRaw(intake, envelope)
        if (response.status === 503)
          expect(await response.json()).toMatchObject({ code: 'TOO_MANY_UPLOADS' })
        return response.status
      }),
    )
    expect(statuses.filter((status) => status === 201)).toHaveLength(
      intake.files('incoming').length,
    )
    expect(statuses.filter((status) => status !== 201 && status !== 503)).toEqual([])
    for (const envelope of envelopes) expect((await postRaw(intake, envelope)).status).toBe(201)
    expect(intake.files('incoming')).toHaveLength(12)
  })

  it('gets the same receipt twice for one tip, after a refused one', async () => {
    await begin()
    const envelope = await sealRandom()
    await postRaw(intake, randomBytes(10))
    const [first, second] = [await postRaw(intake, envelope), await postRaw(intake, envelope)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await first.json()).toEqual(await second.json())
  })
})
