import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fairness } from '../../../src/server/fairness/fairness.ts'
import { limitsFor } from '../../../src/server/fairness/limits.ts'
import { createIntakeServer } from '../../../src/server/http-server.ts'
import { listenOn } from '../../../src/server/listen.ts'
import { createProxyLineServer } from '../../../src/server/proxy-line.ts'
import { IntakeError, problemOf } from '../../../src/server/errors.ts'
import { problemStatus } from '../../../src/wire/problem-codes.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { type Intake, RawClient, startIntake } from '../harness.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const line = (circuit: number): string =>
  `PROXY TCP6 fc00:dead:beef:4dad::0:${circuit.toString(16)} ::1 ${circuit} 80\r\n`

let path: string
let port: number
let stop: () => void

beforeEach(async () => {
  const fairness = new Fairness(limitsFor(4, { circuitRequests: 3 }))
  const http = createIntakeServer(
    (request, response) => {
      fairness.admitRequest(request).then(
        () => response.end('in'),
        (cause: unknown) => {
          expect(cause).toBeInstanceOf(IntakeError)
          response.writeHead(problemStatus[problemOf(cause)]).end()
        },
      )
    },
    { idleSeconds: 5, fairness },
  )
  const onion = createProxyLineServer({
    accept: (socket, source) => {
      fairness.circuits.bind(socket, source)
      http.emit('connection', socket)
    },
    maxConnections: 10,
  })
  path = join(await makeTempDir(), 'onion.sock')
  await listenOn(onion, { path }, 'TUMEN_ONION_SOCKET')
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  port = (http.address() as AddressInfo).port
  stop = () => {
    http.closeAllConnections()
    http.close()
    onion.close()
  }
})

afterEach(() => stop())

async function statusesOver(
  target: string | number,
  before: string,
  count: number,
): Promise<string[]> {
  const statuses: string[] = []
  for (let at = 0; at < count; at += 1) {
    const client = new RawClient(target)
    client.write(before + REQUEST)
    statuses.push((await client.until(/\r\n\r\n/)).slice(9, 12))
    client.socket.destroy()
  }
  return statuses
}

describe("requests over tor's socket", () => {
  it('are counted by circuit, whatever connection they come on', async () => {
    expect(await statusesOver(path, line(41), 4)).toEqual(['200', '200', '200', '429'])
    expect(await statusesOver(path, line(42), 1)).toEqual(['200'])
  })

  it('share one wide count where the line names no circuit', async () => {
    expect(await statusesOver(path, 'PROXY UNKNOWN\r\n', 5)).toEqual([
      '200',
      '200',
      '200',
      '200',
      '200',
    ])
  })
})

describe('a refusal that the app writes for an odd request', () => {
  const CIRCUIT_REQUESTS = 3
  let intake: Intake

  beforeEach(async () => {
    intake = await startIntake({ fairness: { circuitRequests: CIRCUIT_REQUESTS } })
  })

  afterEach(() => intake.stop())

  async function answerTo(circuit: number, bytes: string): Promise<string> {
    const client = new RawClient(intake.onionPath)
    client.socket.end(line(circuit) + bytes)
    return await client.closed()
  }

  it.each([
    ['no Host', 'GET /keyring.json HTTP/1.1\r\n\r\n', '400'],
    ['two Hosts', 'GET /keyring.json HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', '400'],
    ['any expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: anything\r\n\r\n', '417'],
    ['malformed', 'hello\r\n\r\n', '400'],
    ['a head too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, '431'],
    ['CONNECT', 'CONNECT elsewhere.invalid:80 HTTP/1.1\r\nHost: x\r\n\r\n', '405'],
  ])('counts as a request of its circuit: %s', async (_what, bytes, status) => {
    for (let at = 0; at < CIRCUIT_REQUESTS; at += 1)
      expect((await answerTo(41, bytes)).slice(9, 12)).toBe(status)
    // Beyond the limit, there is either the usual refusal or none.
    expect(['429', '']).toContain((await answerTo(41, bytes)).slice(9, 12))
    const good = 'GET /keyring.json HTTP/1.1\r\nHost: x\r\n\r\n'
    expect((await answerTo(41, good)).slice(9, 12)).toBe('429')
    expect((await answerTo(42, good)).slice(9, 12)).toBe('200')
  })
})

describe('a PROXY line on the ordinary listener', () => {
  it('is refused, and counts for nobody', async () => {
    const client = new RawClient(port)
    client.write(line(41) + REQUEST)
    expect(await client.closed()).toMatch(/^HTTP\/1.1 400 /)
    expect(await statusesOver(path, line(41), 3)).toEqual(['200', '200', '200'])
  })
})
