import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  digest,
  FINGERPRINT,
  formOf,
  type Intake,
  JSON_ACCEPT,
  postForm,
  postRaw,
  RAW,
  sealRandom,
  sealWithPassphrase,
  startIntake,
} from './harness.ts'

const run = promisify(execFile)
const MAX = 1_000_000

let intake: Intake

beforeEach(async () => {
  intake = await startIntake({ maxBytes: MAX })
})

afterEach(() => intake.stop())

async function expectRefusal(response: Response, status: number, code: string): Promise<void> {
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status,
    body: { code, status },
  })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(intake.files('incoming')).toEqual([])
  expect(intake.files('tmp')).toEqual([])
  expect(intake.announced).toEqual([])
}

describe('POST /submissions with the envelope itself', () => {
  it('answers 201 with the receipt once the envelope is in the spool', async () => {
    const envelope = await sealRandom()
    const response = await postRaw(intake, envelope)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ receipt: digest(envelope), bytes: envelope.length })
    expect(
      readFileSync(join(intake.dir, 'incoming', `${digest(envelope)}.age`)).equals(envelope),
    ).toBe(true)
    expect(intake.announced).toEqual([digest(envelope)])
  })

  it('gives the same answer to the same envelope, also at the same moment', async () => {
    const envelope = await sealRandom(300_000)
    const answers = await Promise.all([
      postRaw(intake, envelope),
      postForm(intake, formOf(envelope)),
      postRaw(intake, envelope),
    ])
    for (const answer of answers) {
      expect(answer.status).toBe(201)
      expect(await answer.json()).toEqual({ receipt: digest(envelope), bytes: envelope.length })
    }
    expect(intake.files('incoming')).toHaveLength(1)
    expect(intake.files('tmp')).toEqual([])
  })

  it('accepts a chunked body without a length', async () => {
    const envelope = await sealRandom(200_000)
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < envelope.length; at += 999)
          controller.enqueue(new Uint8Array(envelope.subarray(at, at + 999)))
        controller.close()
      },
    })
    const response = await fetch(`${intake.url}/submissions`, {
      method: 'POST',
      headers: RAW,
      body,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ receipt: digest(envelope) })
  })

  it('answers a browser with a page that holds the receipt in one marked place', async () => {
    const envelope = await sealRandom()
    const response = await fetch(`${intake.url}/submissions?lang=ko`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array(envelope),
      redirect: 'manual',
    })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    const page = await response.text()
    const groups = /<p [^>]*data-receipt[^>]*>(.*?)<\/p>/.exec(page)?.[1] ?? ''
    const receipt = digest(envelope)
    expect(groups.replace(/<[^>]*>|\s/g, '')).toBe(receipt)
    expect(page.split(groups)).toHaveLength(2)
    expect(page.replaceAll(groups, '')).not.toContain(receipt.slice(0, 4))
    expect(page).toContain('lang="ko"')
  })

  it.each([
    ['nothing', new Uint8Array(), 'HEADER_INVALID'],
    ['a photo', randomBytes(100_000), 'NOT_AGE'],
    [
      'an armored file',
      Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n'),
      'ARMORED',
    ],
    ['half a header', Buffer.from('age-encryption.org/v1\n-> X25519 '), 'HEADER_INVALID'],
  ])('refuses %s', async (_what, body, code) => {
    await expectRefusal(await postRaw(intake, body), 400, code)
  })

  it('refuses a passphrase', async () => {
    await expectRefusal(await postRaw(intake, await sealWithPassphrase()), 400, 'PASSPHRASE_STANZA')
  })

  it('refuses a file that was cut short', async () => {
    const envelope = await sealRandom(65_536)
    await expectRefusal(
      await postRaw(intake, envelope.subarray(0, envelope.length - 65_540)),
      400,
      'TRUNCATED',
    )
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json', ''])(
    'refuses the type %j',
    async (type) => {
      await expectRefusal(
        await postRaw(intake, await sealRandom(), { 'Content-Type': type }),
        415,
        'UNSUPPORTED_TYPE',
      )
    },
  )

  it('refuses an encoded body', async () => {
    await expectRefusal(
      await postRaw(intake, await sealRandom(), { 'Content-Encoding': 'gzip' }),
      415,
      'UNSUPPORTED_TYPE',
    )
  })

  describe('when the body is at the limit', () => {
    const withLimit = async (
      difference: number,
    ): Promise<{ envelope: Buffer; limited: Intake }> => {
      const envelope = await sealRandom(50_000)
      return { envelope, limited: await startIntake({ maxBytes: envelope.length + difference }) }
    }
    const chunked = (bytes: Uint8Array): ReadableStream =>
      new Blob([new Uint8Array(bytes)]).stream()

    it.each([
      [1, 201],
      [0, 201],
      [-1, 413],
    ])('of its own size plus %i answers %i', async (difference, status) => {
      const { envelope, limited } = await withLimit(difference)
      const url = `${limited.url}/submissions`
      const answers = [
        await postRaw(limited, envelope),
        await fetch(url, {
          method: 'POST',
          headers: RAW,
          body: chunked(envelope),
          duplex: 'half',
        } as RequestInit),
        await postForm(limited, formOf(envelope)),
      ]
      expect(answers.map((answer) => answer.status)).toEqual([status, status, status])
      expect(limited.files('incoming')).toHaveLength(status === 201 ? 1 : 0)
      expect(limited.files('tmp')).toEqual([])
      await limited.stop()
    })
  })

  it('answers 507 when there is no space and keeps nothing', async () => {
    const full = await startIntake({
      statfs: () => ({ blocks: 1_000_000, bavail: 1000, bsize: 1 }),
    })
    const response = await postRaw(full, await sealRandom())
    expect(response.status).toBe(507)
    expect(await response.json()).toMatchObject({ code: 'NO_SPACE' })
    expect(response.headers.get('retry-after')).toBe('60')
    expect(full.files('incoming')).toEqual([])
    await full.stop()
  })
})

describe('POST /submissions with a form', () => {
  it('accepts the file, and counts nothing for the current keyring', async () => {
    const envelope = await sealRandom(400_000)
    const response = await postForm(intake, formOf(envelope, { keyring: FINGERPRINT }))
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ receipt: digest(envelope), bytes: envelope.length })
    expect(
      readFileSync(join(intake.dir, 'incoming', `${digest(envelope)}.age`)).equals(envelope),
    ).toBe(true)
    expect(intake.oldKeyrings()).toBe(0)
  })

  it('only counts another keyring', async () => {
    expect(
      (await postForm(intake, formOf(await sealRandom(), { keyring: '0'.repeat(64) }))).status,
    ).toBe(201)
    expect(intake.oldKeyrings()).toBe(1)
  })

  it('refuses a form without a file, in either way a browser may say so', async () => {
    const empty = new FormData()
    empty.append('keyring', FINGERPRINT)
    await expectRefusal(await postForm(intake, empty), 400, 'MISSING_FILE')
    const text = new FormData()
    text.append('envelope', 'age-encryption.org/v1')
    await expectRefusal(await postForm(intake, text), 400, 'MISSING_FILE')
  })

  it.each([
    ['only the closing boundary', '--x--\r\n'],
    ['a preamble and the closing boundary', 'hello\r\n--x--\r\n'],
    ['no bytes', ''],
  ])('refuses a form without a part: %s', async (_what, body) => {
    for (const piece of [body, new Blob([body]).stream()])
      await expectRefusal(
        await fetch(`${intake.url}/submissions`, {
          method: 'POST',
          headers: { ...JSON_ACCEPT, 'Content-Type': 'multipart/form-data; boundary=x' },
          body: piece,
          duplex: 'half',
        } as RequestInit),
        400,
        'FORM_INVALID',
      )
  })

  it('refuses a second file and keeps neither', async () => {
    const form = formOf(await sealRandom())
    form.append('envelope', new Blob([new Uint8Array(await sealRandom())]), 'second.age')
    await expectRefusal(await postForm(intake, form), 400, 'TOO_MANY_FILES')
  })

  it('refuses a file in another field', async () => {
    const form = new FormData()
    form.append('photo', new Blob(['x']), 'photo.jpg')
    await expectRefusal(await postForm(intake, form), 400, 'UNKNOWN_FIELD')
  })

  it('refuses other text, which would be plain to read', async () => {
    await expectRefusal(
      await postForm(intake, formOf(await sealRandom(), { narrative: 'they took him' })),
      400,
      'UNKNOWN_FIELD',
    )
  })

  it.each([
    [255, 201],
    [256, 201],
    [257, 400],
  ])('with a text of %i bytes answers %i', async (length, status) => {
    expect(
      (await postForm(intake, formOf(await sealRandom(), { keyring: 'a'.repeat(length) }))).status,
    ).toBe(status)
    expect(intake.files('incoming')).toHaveLength(status === 201 ? 1 : 0)
  })

  it('refuses what is not age, whatever comes after it', async () => {
    await expectRefusal(await postForm(intake, formOf(randomBytes(900_000))), 400, 'NOT_AGE')
  })

  it('shows browsers a page in their language', async () => {
    const headers = {
      Accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'Accept-Language': 'zh-CN,zh;q=0.9',
    }
    const refused = await postForm(intake, formOf(randomBytes(100)), headers)
    expect(refused.status).toBe(400)
    expect(refused.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await refused.text()).toContain('这不是封好的文件')
    const taken = await postForm(intake, formOf(await sealRandom()), headers)
    expect(taken.status).toBe(200)
    const page = await taken.text()
    expect(page).toContain('lang="zh-Hans"')
    expect(page).toContain('我们已收到')
  })
})

describe('curl', () => {
  it('gets a receipt for -F and for --data-binary', async () => {
    const envelope = await sealRandom(700_000)
    const file = join(tmpdir(), `tumen-curl-${process.pid}.age`)
    await writeFile(file, envelope)
    const url = `${intake.url}/submissions`
    const common = ['-sS', '-H', 'Accept: application/json', '-w', '%{http_code}']
    const form = await run('curl', [
      ...common,
      '-F',
      `envelope=@${file}`,
      '-F',
      `keyring=${FINGERPRINT}`,
      url,
    ])
    const raw = await run('curl', [
      ...common,
      '--data-binary',
      `@${file}`,
      '-H',
      'Content-Type: application/octet-stream',
      url,
    ])
    const expected = `${JSON.stringify({ receipt: digest(envelope), bytes: envelope.length })}\n201`
    expect([form.stdout, raw.stdout]).toEqual([expected, expected])
    await rm(file)
  })

  it('sees why a large file is refused, with and without waiting for 100', async () => {
    const file = join(tmpdir(), `tumen-curl-large-${process.pid}`)
    await writeFile(file, Buffer.alloc(40_000_000))
    const common = [
      '-sS',
      '-H',
      'Accept: application/json',
      '--data-binary',
      `@${file}`,
      '-H',
      'Content-Type: application/octet-stream',
    ]
    for (const extra of [
      [],
      ['-H', 'Expect:'],
      ['-H', 'Transfer-Encoding: chunked', '-H', 'Expect:'],
    ]) {
      const { stdout } = await run('curl', [...common, ...extra, `${intake.url}/submissions`])
      expect(JSON.parse(stdout)).toMatchObject({
        code: extra.length === 4 ? 'NOT_AGE' : 'TOO_LARGE',
      })
    }
    await rm(file)
  })
})

describe('what the data folder holds', () => {
  it('has no trace of the sender', async () => {
    await postForm(intake, formOf(await sealRandom()), {
      ...JSON_ACCEPT,
      'User-Agent': 'telltale-agent',
      'X-Forwarded-For': '203.0.113.77',
    })
    await postForm(intake, formOf(randomBytes(100)), {
      ...JSON_ACCEPT,
      'User-Agent': 'telltale-agent',
    })
    const seen = readdirSync(intake.dir, { recursive: true, withFileTypes: true })
    for (const entry of seen) {
      const path = join(entry.parentPath, entry.name)
      const text = path + (entry.isFile() ? readFileSync(path, 'latin1') : '')
      expect(text).not.toMatch(/telltale|203\.0\.113\.77|127\.0\.0\.1|secret-name/)
      if (entry.isFile()) expect(statSync(path).mtime).toEqual(new Date('2026-11-23T00:00:00Z'))
    }
    expect(seen.filter((entry) => entry.name.endsWith('.age'))).toHaveLength(1)
  })
})
