import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/page/languages.ts'
import { problemStatus } from '../../src/wire/problem-codes.ts'
import { problemJson } from '../../src/server/answer.ts'
import { MAX_RECEIPT_FORM_BYTES, shownAgain } from '../../src/server/receipt-form.ts'
import {
  digest,
  FINGERPRINT,
  type Intake,
  JSON_ACCEPT,
  postRaw,
  RawClient,
  sealRandom,
  startIntake,
} from './harness.ts'

let intake: Intake
let receipt: string

beforeAll(async () => {
  intake = await startIntake()
  const envelope = await sealRandom()
  receipt = digest(envelope)
  await postRaw(intake, envelope)
})

afterAll(() => intake.stop())

const HTML = { Accept: 'text/html,*/*;q=0.8' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

const page = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  (await fetch(`${intake.url}${path}`, { headers: { ...HTML, ...headers } })).text()

const ask = (body: string, headers: Record<string, string> = HTML): Promise<Response> =>
  fetch(`${intake.url}/receipts?lang=en`, {
    method: 'POST',
    headers: { ...FORM, ...headers },
    body,
    redirect: 'manual',
  })

describe('the pages', () => {
  it.each(LANGUAGES)(
    'speak %s by their address, and by what the browser asks for',
    async (language) => {
      const own = await page(`/${language}/`, { 'Accept-Language': 'en' })
      expect(own).toContain(`data-language="${language}"`)
      expect(await page('/', { 'Accept-Language': `${language},en;q=0.5` })).toBe(own)
    },
  )

  it('say who can open a tip and give the form the fingerprint', async () => {
    const home = await page('/en/')
    expect(home).toContain('<bdi class="staff-name">Kim</bdi>')
    expect(home).toContain(`value="${FINGERPRINT}"`)
    expect(await page('/sealed?lang=ko')).toContain('action="/submissions?lang=ko"')
  })

  it('have an icon, also while the intake is closed', async () => {
    const closed = await startIntake()
    closed.close()
    const response = await fetch(`${closed.url}/icon.svg`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    await closed.stop()
  })
})

describe('problemJson', () => {
  it('has English words for every code', () => {
    for (const code of Object.keys(problemStatus) as (keyof typeof problemStatus)[]) {
      expect(JSON.parse(problemJson(code))).toEqual({
        type: 'about:blank',
        status: problemStatus[code],
        code,
        title: expect.stringMatching(/./),
        detail: expect.stringMatching(/\.$/),
      })
    }
  })
})

describe('a page about a problem', () => {
  const html = { headers: { accept: 'text/html' } }
  it.each([
    ['a form with a receipt', '/receipts?lang=en', true, false],
    ['a page', '/nowhere?lang=en', false, false],
    ['a sealed file', '/submissions?lang=en', true, true],
  ])(
    'of %s says whether something was kept only if it was sent',
    async (_, path, isPost, isSaid) => {
      const post = { method: 'POST', body: new URLSearchParams({ other: 'x'.repeat(60_000) }) }
      const response = await fetch(`${intake.url}${path}`, { ...html, ...(isPost ? post : {}) })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect((await response.text()).includes('Nothing was kept')).toBe(isSaid)
    },
  )
})

describe('GET /receipts', () => {
  it('is a form that posts', async () => {
    expect(await page('/receipts?lang=ko')).toMatch(
      /<form[^>]* method="post"[^>]* action="\/receipts\?lang=ko">/,
    )
  })
})

describe('POST /receipts', () => {
  it('answers however the receipt was copied, and sends nobody to an address that holds it', async () => {
    const groups = receipt.match(/.{4}/g) ?? []
    for (const typed of [
      receipt,
      receipt.toUpperCase(),
      groups.join(' '),
      groups.join('-'),
      groups.join('\r\n'),
      ` ${groups.join(' – ')}. `,
      `${intake.url}/receipts/${receipt}`,
      `{"receipt":"${receipt}","bytes":1}`,
      `Your receipt\n${groups.join(' ')}\nKeep it only where that is safe.`,
      `2026 ${groups.join(' ')}`,
      '가'.repeat(4_900) + receipt,
    ]) {
      const response = await ask(String(new URLSearchParams({ receipt: typed })))
      expect([typed, response.status, response.headers.get('location')]).toEqual([typed, 200, null])
      expect(await response.text()).toContain('It arrived and is safe.')
    }
  })

  it('tells programs the state', async () => {
    expect(await (await ask(`receipt=${receipt}`, JSON_ACCEPT)).json()).toEqual({
      state: 'accepted',
    })
    const unknown = await ask(`receipt=${'0'.repeat(64)}`, JSON_ACCEPT)
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'NOT_FOUND' }),
    ])
  })

  it.each([
    'receipt=',
    '',
    'other=1',
    `receipt=${'0'.repeat(63)}`,
    `receipt=..%2f${'0'.repeat(30)}`,
    'receipt=%ff%fe',
  ])('says that %j contains no receipt, and nothing about arrival', async (body) => {
    const response = await ask(body)
    expect(response.status).toBe(404)
    const text = await response.text()
    expect(text).toContain('There is no whole receipt in this')
    expect(text).not.toContain('has not arrived')
  })

  it('searches as much as the field accepts, however its lines end', async () => {
    const receiptAfter = async (before: string) =>
      (await ask(String(new URLSearchParams({ receipt: before + receipt })))).status
    expect(await receiptAfter('\r\n'.repeat(5_000 - 64))).toBe(200)
    expect(await receiptAfter('\n'.repeat(5_000 - 63))).toBe(404)
  })

  it('asks for one receipt at a time, and shows all that was pasted', async () => {
    const pasted = `${'가'.repeat(4_000)} ${receipt} / ${'0'.repeat(64)}`
    const text = await (await ask(String(new URLSearchParams({ receipt: pasted })))).text()
    expect(text).toContain('There is more than one receipt in this')
    expect(text).toContain(`${'0'.repeat(64)}</textarea>`)
  })

  it('says that it does not know a receipt, and when receipts are forgotten', async () => {
    const text = await (await ask(`receipt=${'0'.repeat(64)}`)).text()
    expect(text).toContain('We do not know this receipt (any more)')
    expect(text).toContain('30 days after our staff have collected the message')
  })

  it.each([
    [-1, 404],
    [0, 404],
    [1, 400],
  ])('answers a form of its largest size plus %i with %i', async (over, status) => {
    const prefix = 'receipt=abc&x='
    expect(
      (await ask(prefix + 'x'.repeat(MAX_RECEIPT_FORM_BYTES + over - prefix.length))).status,
    ).toBe(status)
  })

  it('stops reading a form without a length at the same size', async () => {
    const client = new RawClient(intake.port)
    await once(client.socket, 'connect')
    client.write(
      'POST /receipts HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    client.write(
      `${(MAX_RECEIPT_FORM_BYTES + 1).toString(16)}\r\n${'x'.repeat(MAX_RECEIPT_FORM_BYTES + 1)}\r\n`,
    )
    expect(await client.until(/FORM_LIMITS/)).toMatch(/^HTTP\/1\.1 400 /)
    client.socket.destroy()
  })

  it('refuses a body that is not a form', async () => {
    const response = await ask(`receipt=${receipt}`, {
      ...JSON_ACCEPT,
      'Content-Type': 'text/plain',
    })
    expect([response.status, await response.json()]).toEqual([
      415,
      expect.objectContaining({ code: 'UNSUPPORTED_TYPE' }),
    ])
  })
})

describe('shownAgain', () => {
  it('holds no control or formatting characters, and is bounded', () => {
    expect(shownAgain('a\u0000b\u202ec')).toBe('a b c')
    expect(shownAgain('a'.repeat(6_000))).toHaveLength(5_000)
  })
})
