import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../supervise/start.ts'
import { runHere } from '../support/run-here.ts'

async function askStatus(answer: RequestListener | null, args: string[] = []) {
  let port = await freePort()
  if (answer !== null) {
    const server = createServer(answer)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    onTestFinished(() => server.closeAllConnections())
    port = (server.address() as AddressInfo).port
  }
  return await runHere({ dir: '/', env: { TUMEN_OPS_LISTEN: `127.0.0.1:${port}` } }, [
    'status',
    ...args,
  ])
}

const saying =
  (status: number, body: unknown): RequestListener =>
  (request, response) => {
    expect(request.url).toBe('/readyz')
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
const ready = { ready: true, problems: [] }
const notReady = {
  ready: false,
  problems: [{ code: 'REDIS_DOWN', detail: 'Redis does not answer.', wayOut: 'Start Redis.' }],
}

describe('tumen status', () => {
  it('ends with 0 when ready', async () => {
    expect(await askStatus(saying(200, ready))).toEqual({
      status: 0,
      stdout: 'ready: tips are accepted and stored\n',
      stderr: '',
    })
  })

  it('ends with 1 when not ready, naming each problem and its way out', async () => {
    const done = await askStatus(saying(503, notReady))
    expect(done).toEqual({
      status: 1,
      stdout:
        'NOT ready (1 problem)\nREDIS_DOWN: Redis does not answer.\n  what to do: Start Redis.\n',
      stderr: '',
    })
  })

  it('ends with 0 when the only problems are warnings, and says how many there are', async () => {
    const done = await askStatus(saying(200, { ...notReady, ready: true }))
    expect(done).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ready: tips are accepted and stored \(1 problem\)\n/),
    })
  })

  it('prints JSON for programs', async () => {
    expect(JSON.parse((await askStatus(saying(503, notReady), ['--json'])).stdout)).toEqual(
      notReady,
    )
  })

  it.each([
    ['nothing answers', null, 'does not answer: is Tumen running?'],
    ['another program answers', saying(200, '<html>'), 'not the ops process'],
    ['another program answers in JSON', saying(200, '{"ready":1}'), 'not the ops process'],
    ['the answer is null', saying(200, 'null'), 'not the ops process'],
    ['the problems are missing', saying(200, { ready: true }), 'not the ops process'],
    [
      'the answer never ends',
      (_request, response) => {
        const write = (): void =>
          void (response.write('x'.repeat(100_000))
            ? setImmediate(write)
            : response.once('drain', write))
        response.on('error', () => undefined)
        write()
      },
      'does not answer',
    ],
    ['the connection is cut', (request) => request.destroy(), 'does not answer'],
  ])('ends with 1 when %s', async (_when, answer, expected) => {
    expect(await askStatus(answer)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(expected),
    })
  })

  it('ends with 2 for a wrong setting', async () => {
    const done = await runHere({ dir: '/', env: { TUMEN_OPS_LISTEN: 'x' } }, ['status'])
    expect(done).toMatchObject({ status: 2, stderr: expect.stringContaining('TUMEN_OPS_LISTEN') })
  })
})
