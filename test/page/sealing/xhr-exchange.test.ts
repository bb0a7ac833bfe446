import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createExchange, failureOf } from '../../../src/page/sealing/xhr-exchange.ts'
import { newXhr } from './fake-xhr.ts'

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle).listen(0, '127.0.0.1')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const running = () => new AbortController().signal
const quick = createExchange(newXhr, { stallSeconds: 0.1, answerSeconds: 0.3 })
const body = new Uint8Array(300_000)

describe('an exchange', () => {
  it('returns the answer, and reports how many bytes were sent', async () => {
    const url = await serve((request, response) =>
      request.resume().on('end', () => response.writeHead(204, { 'Upload-Offset': '7' }).end()),
    )
    const sent: number[] = []
    const answer = await quick({
      method: 'PATCH',
      url,
      headers: { A: 'b' },
      body,
      signal: running(),
      onSent: (bytes) => sent.push(bytes),
    })
    expect([answer.status, answer.header('Upload-Offset'), answer.header('Nothing')]).toEqual([
      204,
      '7',
      null,
    ])
    expect(sent.at(-1)).toBe(body.length)
  })

  it.each([
    ['takes nothing', () => undefined, 0.1],
    ['takes all and answers nothing', (request: IncomingMessage) => void request.resume(), 0.3],
  ])('throws STALLED when the server %s', async (_what, handle, seconds) => {
    const url = await serve(handle)
    const start = performance.now()
    const large = new Uint8Array(64 * 1024 * 1024)
    await expect(
      quick({
        method: 'PATCH',
        url,
        headers: {},
        body: seconds === 0.1 ? large : body,
        signal: running(),
      }),
    ).rejects.toMatchObject({ code: 'STALLED' })
    expect(performance.now() - start).toBeGreaterThanOrEqual(seconds * 1000 - 5)
  })

  it('waits for a slow exchange that makes progress', async () => {
    const url = await serve((request, response) => {
      request
        .on('data', () => {
          request.pause()
          setTimeout(() => request.resume(), 20)
        })
        .on('end', () => response.end())
    })
    const patient = createExchange(newXhr, { stallSeconds: 2, answerSeconds: 20 })
    const start = performance.now()
    await expect(
      patient({
        method: 'PATCH',
        url,
        headers: {},
        body: new Uint8Array(12_000_000),
        signal: running(),
      }),
    ).resolves.toMatchObject({ status: 200 })
    expect(performance.now() - start).toBeGreaterThan(2000)
  })

  it('throws OFFLINE when the connection breaks', async () => {
    const url = await serve((request) => void request.socket.destroy())
    await expect(
      quick({ method: 'HEAD', url, headers: {}, body: null, signal: running() }),
    ).rejects.toMatchObject({ code: 'OFFLINE' })
  })

  it.each(['before', 'while'])('throws ABORTED when it is aborted %s it runs', async (when) => {
    let isSeen = false
    const abort = new AbortController()
    const url = await serve(() => {
      isSeen = true
      abort.abort()
    })
    if (when === 'before') abort.abort()
    await expect(
      createExchange(newXhr)({
        method: 'HEAD',
        url,
        headers: {},
        body: null,
        signal: abort.signal,
      }),
    ).rejects.toMatchObject({ code: 'ABORTED' })
    expect(isSeen).toBe(when === 'while')
  })
})

describe('failureOf', () => {
  const answer = (status: number, text: string) => ({ status, text, header: () => null })

  it.each([200, 201, 204])('is null for %i', (status) => {
    expect(failureOf(answer(status, ''), 'PATCH')).toBeNull()
  })

  it.each([
    ['{"code":"NOT_AGE"}', 'NOT_AGE'],
    ['{"code":"<img onerror=alert(1)>"}', null],
    ['{"code":7}', null],
    ['<html>', null],
    ['null', null],
  ])('reads the code of %s as %s', (text, problem) => {
    expect(failureOf(answer(400, text), 'PATCH')).toMatchObject({
      code: 'STATUS',
      status: 400,
      problem,
    })
  })
})
