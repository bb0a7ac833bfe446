import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EXTENSIONS } from '../../../src/server/uploads/spool-data-store.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { FINGERPRINT, sealWithPassphrase } from '../harness.ts'
import {
  announce,
  CHUNK,
  createUpload,
  head,
  namesIn,
  offsetOf,
  patch,
  startUploadSite,
  TUS,
  type UploadSite,
  type UploadSiteOptions,
} from './harness.ts'

let dir: string
let site: UploadSite
let envelope: TestEnvelope

beforeEach(async () => {
  dir = await makeTempDir()
  envelope = makeEnvelope(50_000)
  await start()
})

async function start(options: Partial<UploadSiteOptions> = {}): Promise<void> {
  const started = await startUploadSite({ dir, ...options })
  onTestFinished(() => started.stop())
  site = started
}

async function restart(options: Partial<UploadSiteOptions> = {}): Promise<void> {
  await site.stop()
  await start(options)
}

const blob = (receipt: string): Buffer => readFileSync(join(dir, 'incoming', `${receipt}.age`))
const codeOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { code: string }).code
const receiptIn = (answer: Response): string | null => answer.headers.get('tumen-receipt')

describe('POST /uploads', () => {
  it('creates an upload at a relative URL that nobody can guess', async () => {
    const answer = await announce(site, 1000, {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toMatch(/^\/uploads\/[0-9a-f]{32}$/)
    expect(answer.headers.get('tus-resumable')).toBe('1.0.0')
    expect(answer.headers.get('upload-expires')).toBe('Wed, 25 Nov 2026 00:00:00 GMT')
    expect(answer.headers.get('location')).not.toBe(await createUpload(site, 1000))
  })

  it('discards names and everything else in the metadata', async () => {
    const secret = Buffer.from('비밀 문서.jpg').toString('base64')
    const path = await createUpload(site, 1000, {
      'Upload-Metadata': `filename ${secret},filetype ${secret}`,
    })
    expect((await head(site, path)).headers.get('upload-metadata')).toBeNull()
    for (const name of site.files('uploads'))
      expect(readFileSync(join(dir, 'uploads', name), 'utf8')).not.toMatch(/비밀|file|jpg/)
  })

  it.each([
    ['the largest', 4_000_000, 201, ''],
    ['one byte more', 4_000_001, 413, 'TOO_LARGE'],
    ['nothing', 0, 400, 'TRUNCATED'],
  ])('answers an announcement of %s (%i bytes) with %i', async (_what, bytes, status, code) => {
    const answer = await announce(site, bytes)
    expect(answer.status).toBe(status)
    if (code !== '') expect(await codeOf(answer)).toBe(code)
    expect(site.files('uploads')).toHaveLength(status === 201 ? 1 : 0)
  })

  it.each([
    ['no length', { 'Upload-Length': '' }],
    ['a deferred length', { 'Upload-Length': '', 'Upload-Defer-Length': '1' }],
    ['a negative length', { 'Upload-Length': '-1' }],
    ['a length with a sign', { 'Upload-Length': '+5' }],
    ['a length beyond counting', { 'Upload-Length': '9007199254740993' }],
    ['a part of a concatenation', { 'Upload-Concat': 'partial' }],
  ])('refuses %s', async (_what, extra) => {
    const headers = new Headers({ ...TUS, 'Upload-Length': '1000', ...extra })
    if (headers.get('upload-length') === '') headers.delete('upload-length')
    const answer = await fetch(`${site.url}/uploads`, { method: 'POST', headers })
    expect(answer.status).toBe(400)
    expect(await codeOf(answer)).toBe('UPLOAD_HEADERS')
    expect(site.files('uploads')).toEqual([])
  })

  it('ignores metadata that cannot be read', async () => {
    const answer = await announce(site, 1000, { 'Upload-Metadata': 'keyring ***' })
    expect(answer.status).toBe(201)
  })

  describe('with X-HTTP-Method-Override', () => {
    const ask = (method: string, path: string, instead: string, headers = {}, body?: Uint8Array) =>
      fetch(site.url + path, {
        method,
        headers: { ...CHUNK, ...headers, 'X-HTTP-Method-Override': instead },
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      })

    it('uses the header as the method', async () => {
      const path = await createUpload(site, envelope.bytes.length)
      const sent = await ask('POST', path, 'PATCH', { 'Upload-Offset': '0' }, envelope.bytes)
      expect([sent.status, receiptIn(sent)]).toEqual([204, envelope.receipt])
      const asked = await ask('GET', path, 'HEAD')
      expect([asked.status, asked.headers.get('upload-offset')]).toEqual([
        200,
        `${envelope.bytes.length}`,
      ])
      expect((await ask('POST', path, 'DELETE')).status).toBe(204)
    })

    it.each(['GET', 'patch', 'nonsense'])('answers %s with 405', async (method) => {
      expect((await ask('POST', '/uploads', method)).status).toBe(405)
    })
  })

  it('accepts the content type in any case and with a parameter', async () => {
    const path = await createUpload(site, envelope.bytes.length)
    const answer = await patch(site, path, 0, envelope.bytes, {
      'Content-Type': 'Application/Offset+Octet-Stream; a=b',
    })
    expect([answer.status, receiptIn(answer)]).toEqual([204, envelope.receipt])
  })

  describe('with the beginning of the upload', () => {
    const post = (bytes: Buffer, length: number): Promise<Response> =>
      fetch(`${site.url}/uploads`, {
        method: 'POST',
        headers: { ...CHUNK, 'Upload-Length': `${length}` },
        body: new Uint8Array(bytes),
      })

    it('keeps it', async () => {
      const answer = await post(envelope.bytes.subarray(0, 20_000), envelope.bytes.length)
      expect(answer.status).toBe(201)
      expect(answer.headers.get('upload-offset')).toBe('20000')
      expect(await offsetOf(site, answer.headers.get('location') ?? '')).toBe(20_000)
    })

    it('gives the receipt when it is the whole upload', async () => {
      const answer = await post(envelope.bytes, envelope.bytes.length)
      expect(answer.status).toBe(201)
      expect(receiptIn(answer)).toBe(envelope.receipt)
    })

    it.each([
      ['is not age', Buffer.from('PK not age at all'), 1000, 400, 'NOT_AGE'],
      ['is longer than announced', Buffer.from('age-encryption.org/v1\n'), 5, 413, 'TOO_LARGE'],
    ])('keeps nothing when it %s', async (_what, bytes, length, status, code) => {
      const answer = await post(bytes, length)
      expect(answer.status).toBe(status)
      expect(await codeOf(answer)).toBe(code)
      expect(site.files('uploads')).toEqual([])
    })
  })
})

describe('PATCH and HEAD', () => {
  it('bring an envelope into the spool in parts', async () => {
    const path = await createUpload(site, envelope.bytes.length)
    for (
      let from = 0, step = 1;
      from < envelope.bytes.length;
      from += step, step = (step * 5) % 30_011
    ) {
      expect(await offsetOf(site, path)).toBe(from)
      const answer = await patch(site, path, from, envelope.bytes.subarray(from, from + step))
      expect(answer.status).toBe(204)
      const isLast = from + step >= envelope.bytes.length
      expect(receiptIn(answer)).toBe(isLast ? envelope.receipt : null)
      expect(answer.headers.get('upload-expires')).toBe(
        isLast ? null : 'Wed, 25 Nov 2026 00:00:00 GMT',
      )
    }
    expect(Buffer.compare(blob(envelope.receipt), envelope.bytes)).toBe(0)
    expect(site.announced).toEqual([envelope.receipt])
    expect(site.files('tmp')).toEqual([])
  })

  it('keep what was received when the server restarts after every part', async () => {
    const path = await createUpload(site, envelope.bytes.length)
    for (let from = 0; from < envelope.bytes.length; from += 7001) {
      await restart()
      expect(await offsetOf(site, path)).toBe(from)
      await patch(site, path, from, envelope.bytes.subarray(from, from + 7001))
    }
    expect(Buffer.compare(blob(envelope.receipt), envelope.bytes)).toBe(0)
  })

  it('answer the receipt again when the answer was lost, also after a restart, and do nothing twice', async () => {
    const path = await createUpload(site, envelope.bytes.length, {
      'Upload-Metadata': `keyring ${Buffer.from('old').toString('base64')}`,
    })
    await patch(site, path, 0, envelope.bytes)
    expect(site.oldKeyrings()).toBe(1)
    for (const isRestarted of [false, true]) {
      if (isRestarted) await restart()
      const known = isRestarted ? 0 : 1
      const answer = await head(site, path)
      expect(receiptIn(answer)).toBe(envelope.receipt)
      expect(answer.headers.get('upload-offset')).toBe(answer.headers.get('upload-length'))
      const again = await patch(site, path, envelope.bytes.length, Buffer.alloc(0))
      expect([again.status, receiptIn(again)]).toEqual([204, envelope.receipt])
      expect((await patch(site, path, 0, envelope.bytes)).status).toBe(409)
      expect((await patch(site, path, envelope.bytes.length, Buffer.from('x'))).status).toBe(413)
      expect([site.announced.length, site.oldKeyrings()]).toEqual([known, known])
    }
    expect(site.files('incoming')).toEqual([`${envelope.receipt}.age`])
    expect(Buffer.compare(blob(envelope.receipt), envelope.bytes)).toBe(0)
  })

  it.each([
    ['current', FINGERPRINT, 0],
    ['old', 'a'.repeat(64), 1],
  ])('count an envelope for a keyring that is %s', async (_what, fingerprint, expected) => {
    const path = await createUpload(site, envelope.bytes.length, {
      'Upload-Metadata': `keyring ${Buffer.from(fingerprint).toString('base64')}`,
    })
    await restart()
    await patch(site, path, 0, envelope.bytes)
    expect(site.oldKeyrings()).toBe(expected)
  })

  it('make one envelope of the same bytes sent twice at once', async () => {
    const paths = await Promise.all([1, 2, 3].map(() => createUpload(site, envelope.bytes.length)))
    const answers = await Promise.all(paths.map((path) => patch(site, path, 0, envelope.bytes)))
    expect(answers.map(receiptIn)).toEqual([envelope.receipt, envelope.receipt, envelope.receipt])
    expect(site.files('incoming')).toEqual([`${envelope.receipt}.age`])
  })

  it('accept no part at a wrong offset', async () => {
    const path = await createUpload(site, envelope.bytes.length)
    await patch(site, path, 0, envelope.bytes.subarray(0, 100))
    for (const offset of [0, 99, 101]) {
      const answer = await patch(site, path, offset, envelope.bytes.subarray(100))
      expect([answer.status, await codeOf(answer)]).toEqual([409, 'OFFSET_CONFLICT'])
    }
    expect(await offsetOf(site, path)).toBe(100)
  })

  it.each([
    ['of another type', { 'Content-Type': 'application/octet-stream' }, 415, 'UNSUPPORTED_TYPE'],
    ['without a place', { 'Upload-Offset': '' }, 400, 'UPLOAD_HEADERS'],
    ['at a place that is no number', { 'Upload-Offset': '1e1' }, 400, 'UPLOAD_HEADERS'],
    ['of another version', { 'Tus-Resumable': '0.2.2' }, 412, 'TUS_VERSION'],
  ])('refuse a part %s', async (_what, headers, status, code) => {
    const path = await createUpload(site, envelope.bytes.length)
    const answer = await patch(site, path, 0, envelope.bytes, headers)
    expect([answer.status, await codeOf(answer)]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('tus-version')).toBe(status === 412 ? '1.0.0' : null)
    expect(await offsetOf(site, path)).toBe(0)
  })

  it('accept no more than was announced, whether the part states its length or not', async () => {
    const path = await createUpload(site, 1000)
    const long = Buffer.concat([envelope.bytes.subarray(0, 1000), Buffer.from('x')])
    expect((await patch(site, path, 0, long)).status).toBe(413)
    const unsized = {
      method: 'PATCH',
      headers: { ...CHUNK, 'Upload-Offset': '0' },
      body: new Blob([new Uint8Array(long)]).stream(),
      duplex: 'half' as const,
    }
    const chunked = await fetch(site.url + path, unsized)
    expect([chunked.status, await codeOf(chunked)]).toEqual([413, 'TOO_LARGE'])
    expect(await offsetOf(site, path)).toBeLessThanOrEqual(1000)
    expect(site.files('incoming')).toEqual([])
  })

  it.each([
    ['is not age', () => Buffer.from('\x89PNG and so on'), 'NOT_AGE'],
    ['has a passphrase', sealWithPassphrase, 'PASSPHRASE_STANZA'],
    ['is armored', () => Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----\n'), 'ARMORED'],
  ])('end an upload that %s, and keep nothing', async (_what, make, code) => {
    const path = await createUpload(site, 1_000_000)
    const answer = await patch(site, path, 0, await make())
    expect([answer.status, await codeOf(answer)]).toEqual([400, code])
    expect((await head(site, path)).status).toBe(404)
    expect([site.files('uploads'), site.files('incoming')]).toEqual([[], []])
  })

  it('end an upload that goes wrong in a later part, after a restart too', async () => {
    const header = envelope.bytes.subarray(0, 40)
    for (const isRestarted of [false, true]) {
      const path = await createUpload(site, 1000)
      await patch(site, path, 0, header)
      if (isRestarted) await restart()
      expect(await codeOf(await patch(site, path, 40, Buffer.from('\n\nnot a stanza\n')))).toBe(
        'HEADER_INVALID',
      )
      expect(site.files('uploads')).toEqual([])
    }
  })

  it('end an upload whose last chunk is cut short', async () => {
    const short = envelope.bytes.subarray(0, envelope.bytes.length - 49_999)
    const path = await createUpload(site, short.length - 10)
    expect(await codeOf(await patch(site, path, 0, short.subarray(0, -10)))).toBe('TRUNCATED')
    expect([site.files('uploads'), site.files('incoming')]).toEqual([[], []])
  })
})

describe('DELETE', () => {
  it('leaves nothing of an unfinished upload', async () => {
    const path = await createUpload(site, 1000)
    await patch(site, path, 0, envelope.bytes.subarray(0, 500))
    expect((await fetch(site.url + path, { method: 'DELETE', headers: TUS })).status).toBe(204)
    expect((await head(site, path)).status).toBe(404)
    expect(site.files('uploads')).toEqual([])
  })

  it('does not touch the envelope of a finished one', async () => {
    const path = await createUpload(site, envelope.bytes.length)
    await patch(site, path, 0, envelope.bytes)
    expect((await fetch(site.url + path, { method: 'DELETE', headers: TUS })).status).toBe(204)
    expect(Buffer.compare(blob(envelope.receipt), envelope.bytes)).toBe(0)
    expect(namesIn(join(dir, 'uploads'))).toEqual([])
  })
})

describe('OPTIONS', () => {
  it('says what is offered, and requires no version', async () => {
    for (const path of ['/uploads', `/uploads/${'0'.repeat(32)}`]) {
      const answer = await fetch(site.url + path, { method: 'OPTIONS' })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('tus-version')).toBe('1.0.0')
      expect(answer.headers.get('tus-extension')).toBe(EXTENSIONS.join(','))
      expect(answer.headers.get('tus-max-size')).toBe('4000000')
    }
  })
})

describe('an invalid id', () => {
  it.each([
    '0'.repeat(32),
    '0'.repeat(31),
    'F'.repeat(32),
    '..%2f..%2fowner',
    '%00',
    'boot',
    `${'0'.repeat(32)}.upload`,
  ])('%s is not found', async (id) => {
    expect((await head(site, `/uploads/${id}`)).status).toBe(404)
    expect((await patch(site, `/uploads/${id}`, 0, envelope.bytes)).status).toBe(404)
    expect(
      (await fetch(`${site.url}/uploads/${id}`, { method: 'DELETE', headers: TUS })).status,
    ).toBe(404)
  })
})
