import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digest, type Intake, postRaw, sealRandom, startIntake } from './harness.ts'

let intake: Intake

beforeEach(async () => {
  intake = await startIntake()
})

afterEach(() => intake.stop())

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${intake.url}${path}`, { headers, redirect: 'manual' })

describe('GET /assets', () => {
  it('serves the built files, gzipped for clients that accept it, and no other files', async () => {
    const answer = await get('/assets/app.js', { 'accept-encoding': 'gzip' })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await answer.text()).toBe('0\n'.repeat(500))
    expect(
      (await get('/assets/app.js', { 'accept-encoding': 'identity' })).headers.get(
        'content-encoding',
      ),
    ).toBeNull()
    for (const path of [
      '/assets/',
      '/assets/nothing.js',
      '/assets/..%2fpackage.json',
      '/assets/%2e%2e/package.json',
    ])
      expect((await get(path)).status).toBe(404)
  })

  it('is requested early by the page for its own words, not for those of another language', async () => {
    const words = '<link rel="modulepreload" href="/assets/words-ko-first-x.js"'
    expect(await (await get('/ko/')).text()).toContain(words)
    expect(await (await get('/en/')).text()).not.toContain('words-ko')
  })
})

describe('GET /offline-sealer.html', () => {
  it('is a download in the language of the page', async () => {
    const answer = await get('/offline-sealer.html?lang=ko')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=page.html')
    const text = await answer.text()
    expect(text).toContain('data-language="ko"')
    expect(text).toContain('"rootKey":"RWroot"')
    expect(await (await get('/offline-sealer.html?lang=ko')).text()).toBe(text)
    expect(await (await get('/offline-sealer.html?lang=zh')).text()).toContain('data-language="zh"')
  })

  it('is closed when the keyring has expired, as is the page', async () => {
    intake.close()
    for (const path of ['/offline-sealer.html', '/']) expect((await get(path)).status).toBe(503)
    expect((await get('/assets/app.js')).status).toBe(200)
  })
})

describe('GET', () => {
  it.each([
    ['/keyring.json', 'application/json; charset=utf-8', '{}\n'],
    ['/keyring.json.minisig', 'text/plain; charset=utf-8', 'signature\n'],
    ['/recipients.txt', 'text/plain; charset=utf-8', '# list\n'],
    ['/recipients-x25519.txt', 'text/plain; charset=utf-8', '# classic list\n'],
  ])('%s serves the file', async (path, type, body) => {
    const response = await get(path)
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe(body)
  })

  it.each([
    ['/', {}, 'lang="en"'],
    ['/', { 'Accept-Language': 'ko-KR,ko;q=0.9,en;q=0.5' }, 'lang="ko"'],
    ['/ko/', { 'Accept-Language': 'zh' }, 'lang="ko"'],
    ['/zh/', {}, 'lang="zh-Hans"'],
    ['/en/', { 'Accept-Language': 'ko' }, 'lang="en"'],
    ['/?lang=zh', {}, 'lang="zh-Hans"'],
    ['/?lang=%22%3E%3Cscript%3E', {}, 'lang="en"'],
  ])('%s %j speaks %s', async (path, headers, expected) => {
    const page = await (await get(path, headers)).text()
    expect(page).toContain(`<html ${expected}>`)
    expect(page).toContain('name="envelope"')
    expect(page.match(/<script[^>]*>/g)).toEqual([
      '<script type="module" async src="/assets/start.js">',
      '<script type="module" src="/assets/app.js">',
    ])
    expect(page).toContain('<meta name="root-key" content="RWroot"/>')
  })

  it('ignores preferences longer than those of any browser, and speaks the default language', async () => {
    const korean = (bytes: number): Record<string, string> => ({
      Accept: 'text/html',
      'Accept-Language': 'ko,'.repeat(bytes / 3),
    })
    for (const path of ['/', '/nothing']) {
      expect(await (await get(path, korean(900))).text()).toContain('<html lang="ko">')
      expect(await (await get(path, korean(12_000))).text()).toContain('<html lang="en">')
    }
  })

  it('shows DEMO only while the keyring is one', async () => {
    expect(await (await get('/')).text()).toContain('class="demo"')
    const real = await startIntake({ isDemo: false })
    expect(await (await fetch(real.url)).text()).not.toContain('class="demo"')
    await real.stop()
  })

  it('sends no clock, no cookie, no tag and a strict policy with every answer', async () => {
    for (const path of [
      '/',
      '/assets/app.js',
      '/icon.svg',
      '/keyring.json',
      '/nothing',
      `/receipts/${'0'.repeat(64)}`,
    ]) {
      const { headers } = await get(path)
      for (const name of [
        'date',
        'etag',
        'set-cookie',
        'x-powered-by',
        'last-modified',
        'strict-transport-security',
      ]) {
        expect(headers.get(name), `${path} ${name}`).toBeNull()
      }
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';worker-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
          "form-action 'self';frame-ancestors 'none';base-uri 'none';require-trusted-types-for 'script';trusted-types tumen",
      )
    }
  })

  it.each([
    '/nothing',
    '/receipts/abc',
    `/receipts/${'A'.repeat(64)}`,
    '/receipts/..%2f..%2fledger',
    '/%E0%A4%A',
    `/receipts/${'0'.repeat(64)}`,
  ])('%s is not found and echoes nothing', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('names the methods that a path has', async () => {
    for (const [path, method, allow] of [
      ['/submissions', 'GET', 'POST'],
      ['/', 'POST', 'GET, HEAD'],
      ['/keyring.json', 'DELETE', 'GET, HEAD'],
    ] as const) {
      const response = await fetch(`${intake.url}${path}`, { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe(allow)
      expect(await response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    }
  })
})

describe('GET /receipts/<receipt>', () => {
  it('says where the envelope is', async () => {
    const envelope = await sealRandom()
    const receipt = digest(envelope)
    await postRaw(intake, envelope)
    const states: unknown[] = []
    const ask = async (): Promise<void> =>
      void states.push(await (await get(`/receipts/${receipt}`)).json())
    await ask()
    await intake.spool.move(receipt, 'incoming', 'sealed')
    await ask()
    await intake.spool.move(receipt, 'sealed', 'collected')
    await ask()
    expect(states).toEqual([{ state: 'accepted' }, { state: 'stored' }, { state: 'collected' }])
    const page = await (await get(`/receipts/${receipt}?lang=ko`, { Accept: 'text/html' })).text()
    expect(page).toContain(`<span>${receipt.slice(0, 4)}</span>`)
    expect(page).toContain('담당자')
  })
})

describe('when the keyring has expired', () => {
  it('answers every request with "closed"', async () => {
    intake.close()
    for (const path of [
      '/',
      '/ko/',
      '/keyring.json',
      '/recipients.txt',
      `/receipts/${'0'.repeat(64)}`,
      '/nothing',
    ]) {
      const response = await get(path)
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ code: 'CLOSED' })
    }
    const page = await get('/zh/', { Accept: 'text/html' })
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('现在已关闭')
    const sent = await postRaw(intake, await sealRandom())
    expect(sent.status).toBe(503)
    expect(intake.files('incoming')).toEqual([])
    expect((await get('/assets/app.js')).status).toBe(200)
  })
})

describe('when something unforeseen fails', () => {
  it('answers 500 and echoes nothing', async () => {
    intake.spool.locate = () => Promise.reject(new Error('secret detail'))
    const response = await get(`/receipts/${'0'.repeat(64)}`)
    expect(response.status).toBe(500)
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({ code: 'INTERNAL' })
    expect(body).not.toContain('secret')
  })
})
