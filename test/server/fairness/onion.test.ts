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
import { RawClient } from '../harness.ts'

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

describe('a PROXY line on the ordinary listener', () => {
  it('is refused, and counts for nobody', async () => {
    const client = new RawClient(port)
    client.write(line(41) + REQUEST)
    expect(await client.closed()).toMatch(/^HTTP\/1.1 400 /)
    expect(await statusesOver(path, line(41), 3)).toEqual(['200', '200', '200'])
  })
})
