import { afterEach, describe, expect, it } from 'vitest'
import { type ReplyFiles, ReplyShelf } from '../../../src/server/replies/shelf.ts'
import { type Intake, RawClient, startIntake } from '../harness.ts'

const id = 'ab'.repeat(16)
const drop = Buffer.from(Array.from({ length: 140_288 }, (_, at) => at % 251))
const files: ReplyFiles = {
  indexes: [{ name: 'index.json', bytes: Buffer.from('{}\n'), signature: Buffer.from('signed\n') }],
  drops: [{ name: `${id}.tar`, bytes: drop, signature: Buffer.from('signed too\n') }],
}

let intake: Intake | null = null
afterEach(async () => {
  await intake?.stop()
  intake = null
})

async function startWith(served: ReplyFiles | null): Promise<Intake> {
  const shelf = new ReplyShelf({
    load: () => Promise.resolve(served ?? { indexes: [], drops: [] }),
    clock: { now: () => new Date('2026-11-23T17:45:12Z') },
    stepMinutes: 15,
  })
  await shelf.look()
  intake = await startIntake({ replies: shelf })
  return intake
}

async function fetchBytes(url: string, init?: RequestInit) {
  const response = await fetch(url, init)
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}

describe('GET /replies', () => {
  it.each([
    ['index.json', 'application/json', files.indexes[0]?.bytes],
    ['index.json.minisig', 'text/plain; charset=utf-8', files.indexes[0]?.signature],
    [`${id}.tar`, 'application/x-tar', drop],
    [`${id}.tar.minisig`, 'text/plain; charset=utf-8', files.drops[0]?.signature],
  ])('sends %s as %s', async (name, type, expected) => {
    const { url } = await startWith(files)
    const { response, bytes } = await fetchBytes(`${url}/replies/${name}`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(
      type === 'application/json' ? 'application/json; charset=utf-8' : type,
    )
    expect(bytes.equals(expected ?? Buffer.of())).toBe(true)
  })

  it('sends no time, no validator and no cookie', async () => {
    const { url } = await startWith(files)
    const { response } = await fetchBytes(`${url}/replies/newest.tar`)
    for (const name of ['date', 'etag', 'last-modified', 'expires', 'age', 'set-cookie', 'vary'])
      expect([name, response.headers.get(name)]).toEqual([name, null])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('sends the same bytes and headers whatever the client says of itself', async () => {
    const { url } = await startWith(files)
    const answers = await Promise.all(
      [
        {},
        { 'accept-language': 'ko', 'user-agent': 'x', cookie: 'a=b' },
        { 'accept-encoding': 'gzip', 'if-none-match': '*', 'if-modified-since': 'x' },
      ].map(async (headers) => {
        const { response, bytes } = await fetchBytes(`${url}/replies/newest.tar`, { headers })
        return [response.status, [...response.headers], bytes.toString('hex')]
      }),
    )
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('sends the range that is asked for, and pieces that join to the whole', async () => {
    const { url } = await startWith(files)
    const address = `${url}/replies/newest.tar`
    const whole = (await fetchBytes(address)).bytes
    const half = whole.length >> 1
    const parts = await Promise.all(
      [`bytes=0-${half - 1}`, `bytes=${half}-`].map((range) =>
        fetchBytes(address, { headers: { range } }),
      ),
    )
    expect(parts.map(({ response }) => response.status)).toEqual([206, 206])
    expect(parts[1]?.response.headers.get('content-range')).toBe(
      `bytes ${half}-${whole.length - 1}/${whole.length}`,
    )
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(whole)).toBe(true)
  })

  it('refuses a range past the end, and sends everything for several ranges', async () => {
    const { url } = await startWith(files)
    const address = `${url}/replies/${id}.tar`
    const past = await fetch(address, { headers: { range: `bytes=${drop.length}-` } })
    expect([past.status, past.headers.get('content-range')]).toEqual([
      416,
      `bytes */${drop.length}`,
    ])
    expect(await past.json()).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE', status: 416 })
    for (const headers of [{ range: 'bytes=0-1,4-5' }, { range: 'bytes=0-1', 'if-range': '"x"' }]) {
      const { response, bytes } = await fetchBytes(address, { headers })
      expect([response.status, bytes.length]).toEqual([200, drop.length])
    }
  })

  it('answers HEAD with the length and no body, range or not', async () => {
    const { port } = await startWith(files)
    const client = new RawClient(port)
    client.write(
      `HEAD /replies/${id}.tar HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\nConnection: close\r\n\r\n`,
    )
    const [head, ...body] = (await client.closed()).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 200 /)
    expect(head).toContain(`Content-Length: ${drop.length}`)
    expect(body.join('')).toBe('')
  })

  it('refuses every other method', async () => {
    const { url } = await startWith(files)
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await fetch(`${url}/replies/index.json`, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
  })

  it.each(['index.json', 'newest.tar', `${id}.tar`, 'older-1.tar'])(
    'answers 404 for %s while there is no index',
    async (name) => {
      const { url } = await startWith(null)
      const response = await fetch(`${url}/replies/${name}`)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  it.each(['', 'constructor', '__proto__', '..%2findex.json', 'INDEX.JSON', `${id}.tar.`])(
    'answers 404 for the name %j',
    async (name) => {
      const { url } = await startWith(files)
      expect((await fetch(`${url}/replies/${name}`)).status).toBe(404)
    },
  )
})
