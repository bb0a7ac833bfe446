import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope, type TestEnvelope } from '../../workers/envelopes.ts'
import { RawClient } from '../harness.ts'
import {
  announce,
  createUpload,
  head,
  patch,
  startUploadSite,
  TUS,
  type UploadSite,
} from './harness.ts'

/** Behaviours of `@tus/server` that must not be visible from outside. */

const EVIL = { Origin: 'http://evil.example' }

let now: Date
let dir: string
let site: UploadSite
let envelope: TestEnvelope

beforeEach(async () => {
  now = new Date('2026-11-23T23:59:59Z')
  dir = await makeTempDir()
  envelope = makeEnvelope(20_000)
  const started = await startUploadSite({ dir, now: () => now })
  onTestFinished(() => started.stop())
  site = started
})

async function finished(): Promise<string> {
  const path = await createUpload(site, envelope.bytes.length)
  await patch(site, path, 0, envelope.bytes)
  return path
}

const expectEnvelope = (): void =>
  expect(
    Buffer.compare(readFileSync(join(dir, 'incoming', `${envelope.receipt}.age`)), envelope.bytes),
  ).toBe(0)

describe('the expiry', () => {
  it('removes the record of a finished upload and never its envelope', async () => {
    const path = await finished()
    now = new Date('2026-11-24T23:59:59Z')
    await site.uploads.sweep()
    expect((await head(site, path)).headers.get('tumen-receipt')).toBe(envelope.receipt)
    now = new Date('2026-11-25T00:00:00Z')
    await site.uploads.sweep()
    expect((await head(site, path)).status).toBe(404)
    expect(site.files('uploads')).toEqual([])
    expectEnvelope()
  })

  it('removes an unfinished upload at the announced time, and not before', async () => {
    const answer = await announce(site, envelope.bytes.length)
    const path = answer.headers.get('location') ?? ''
    const expires = new Date(answer.headers.get('upload-expires') ?? '')
    now = new Date(expires.getTime() - 1)
    await site.uploads.sweep()
    expect((await head(site, path)).status).toBe(200)
    now = expires
    await site.uploads.sweep()
    expect((await head(site, path)).status).toBe(404)
    expect(site.files('uploads')).toEqual([])
  })

  it('starts again with every byte', async () => {
    const path = await createUpload(site, envelope.bytes.length)
    now = new Date('2026-11-24T12:00:00Z')
    const answer = await patch(site, path, 0, envelope.bytes.subarray(0, 10))
    expect(answer.headers.get('upload-expires')).toBe('Thu, 26 Nov 2026 00:00:00 GMT')
    now = new Date('2026-11-25T23:59:59Z')
    await site.uploads.sweep()
    expect((await head(site, path)).headers.get('upload-offset')).toBe('10')
  })
})

describe('reading', () => {
  it('is not possible, finished or not', async () => {
    for (const path of [await finished(), await createUpload(site, 1000)]) {
      const answer = await fetch(site.url + path, { headers: { ...TUS, ...EVIL } })
      expect([answer.status, answer.headers.get('allow')]).toEqual([
        405,
        'HEAD, PATCH, DELETE, OPTIONS',
      ])
      expect(await answer.text()).not.toContain('age-encryption')
    }
    expect((await fetch(`${site.url}/uploads`, { headers: TUS })).status).toBe(405)
  })

  it.each(['POST', 'HEAD', 'DELETE'])('is not opened by overriding %s with GET', async (method) => {
    const path = await finished()
    const headers = { ...TUS, 'X-HTTP-Method-Override': 'GET' }
    const answer = await fetch(site.url + path, { method, headers })
    expect(answer.status).toBe(405)
    expect(await answer.text()).not.toContain('age-encryption')
    expect((await head(site, path)).status).toBe(200)
  })
})

describe('every answer', () => {
  it('permits no other origin, has no date, and is not stored', async () => {
    const path = await createUpload(site, envelope.bytes.length, EVIL)
    const ask = (
      method: string,
      at = path,
      headers: Record<string, string> = {},
    ): Promise<Response> =>
      fetch(site.url + at, { method, headers: { ...TUS, ...EVIL, ...headers } })
    const answers = [
      await announce(site, 1000, EVIL),
      await announce(site, 99_999_999, EVIL),
      await ask('HEAD'),
      await ask('GET'),
      await ask('PUT'),
      await ask('OPTIONS', path, {
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'tus-resumable',
      }),
      await ask('OPTIONS', '/uploads'),
      await ask('PATCH'),
      await ask('POST', '/uploads', { 'Tus-Resumable': '9' }),
      await patch(site, path, 7, envelope.bytes, EVIL),
      await patch(site, path, 0, envelope.bytes, EVIL),
      await ask('HEAD'),
      await ask('DELETE'),
      await ask('HEAD'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([
      201, 413, 200, 405, 405, 204, 204, 415, 412, 409, 204, 200, 204, 404,
    ])
    for (const { headers } of answers) {
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control') || name === 'date'),
      ).toEqual([])
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('repeats nothing of the request, and nothing is logged', async () => {
    const logged = ['log', 'error', 'warn', 'info', 'debug', 'trace'].map((name) =>
      vi.spyOn(console, name as 'log'),
    )
    const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')]
    const secret = 'geheim-geheim'
    const client = new RawClient(site.port)
    client.write(
      `PATCH /uploads/${secret} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nContent-Type: ${secret}\r\nUpload-Offset: ${secret}\r\nUpload-Metadata: ${secret}\r\nContent-Length: 0\r\n\r\n`,
    )
    client.write(
      `POST /uploads HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Length: ${secret}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    )
    const answers = await client.closed()
    expect(answers).toContain('"UNSUPPORTED_TYPE"')
    expect(answers).toContain('"UPLOAD_HEADERS"')
    expect(answers).not.toMatch(/geheim|at .*\.js|node_modules/)
    for (const spy of [...logged, ...written]) expect(spy).not.toHaveBeenCalled()
  })

  it('reveals nothing of an internal failure', async () => {
    const path = await createUpload(site, 1000)
    vi.spyOn(site.uploads, 'require').mockRejectedValue(new Error('secret reason'))
    const answer = await patch(site, path, 0, envelope.bytes.subarray(0, 10))
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'INTERNAL' })
    expect(text).not.toMatch(/secret|Error|\.ts/)
  })
})
