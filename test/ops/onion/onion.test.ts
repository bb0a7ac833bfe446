import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { PublicWay } from '../../../src/ops/canary/public-way.ts'
import { tellingOfAnswers } from '../../../src/ops/canary/public-way.ts'
import { probeOnion } from '../../../src/ops/onion/probe.ts'
import type { ProbeResult } from '../../../src/ops/onion/probe.ts'
import type { OnionParts, RunningOnion } from '../../../src/ops/onion/start.ts'
import { startOnion } from '../../../src/ops/onion/start.ts'
import { OnionWatch } from '../../../src/ops/onion/watch.ts'
import { onionOf } from '../../../src/ops/tor-way.ts'
import { sharedLayoutOf } from '../../../src/tor/layout.ts'
import { requestOfTor } from '../../../src/tor/requests.ts'
import { startFakeSocksProxy } from '../../cli/support/fake-intake.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { freePort, until } from '../../supervise/start.ts'

const onion = `${'a'.repeat(56)}.onion`
let torDir: string

beforeEach(async () => {
  torDir = await makeTempDir()
})

describe('probeOnion', () => {
  const probe = (timeoutMs = 20_000) => {
    const askForOnion = onionOf({ onionAddress: null, torDir })
    if (askForOnion === null) throw new Error('no folder of tor')
    return probeOnion({ path: sharedLayoutOf(torDir).socks }, askForOnion, timeoutMs)
  }
  const name = () => writeFile(sharedLayoutOf(torDir).address, `${onion}\n`)

  it('says that tor is down while its socket is not there, or there is no onion yet', async () => {
    expect(await probe()).toBe('tor down')
    await name()
    expect(await probe()).toBe('tor down')
    const proxy = await startFakeSocksProxy(await listening(), 0, sharedLayoutOf(torDir).socks)
    expect(await probe()).toBe('reached')
    expect(proxy.asked).toEqual([{ type: 3, address: onion, port: 80 }])
    expect(proxy.carriedBytes()).toBe(0)
  })

  it('says that the onion is unreachable when tor says so', async () => {
    await name()
    // Reply code 4 is "host unreachable" (RFC 1928, section 6).
    await startFakeSocksProxy(1, 4, sharedLayoutOf(torDir).socks)
    expect(await probe()).toBe('unreachable')
  })

  it('also says so when tor accepts a connection and then hangs', async () => {
    await name()
    const server = createServer((socket) => void socket.on('error', () => undefined))
    await once(server.listen(sharedLayoutOf(torDir).socks), 'listening')
    onTestFinished(() => void server.close())
    expect(await probe(200)).toBe('unreachable')
  })
})

describe('tellingOfAnswers', () => {
  it('reports any answer, and nothing else', async () => {
    let told = 0
    const answer = { status: 503, header: () => null, body: new Uint8Array() }
    const ways: PublicWay[] = [async () => answer, () => Promise.reject(new Error('broken'))]
    const visitors = ways.map((way) =>
      tellingOfAnswers(
        () => way,
        () => {
          told += 1
        },
      )(),
    )
    expect(await visitors[0]?.({ method: 'GET', path: '/' })).toBe(answer)
    await expect(visitors[1]?.({ method: 'GET', path: '/' })).rejects.toThrow('broken')
    expect(told).toBe(1)
  })
})

async function listening(): Promise<number> {
  const server = createServer((socket) => void socket.on('error', () => undefined))
  const port = await freePort()
  await once(server.listen(port, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return port
}

describe('startOnion', () => {
  let running: RunningOnion
  let result: ProbeResult
  let isUp: boolean
  let probes: number
  const request = () => readFile(sharedLayoutOf(torDir).request, 'utf8').catch(() => null)

  function start(more: Partial<OnionParts> = {}): void {
    probes = 0
    running = startOnion({
      watch: new OnionWatch({ firstMs: 3_600_000, maxMs: 3_600_000, stableMs: 3_600_000 }),
      probe: async () => {
        probes += 1
        return result
      },
      isIntakeUp: async () => isUp,
      restartTor: () => requestOfTor(sharedLayoutOf(torDir).request, 'restart'),
      intervalMs: 10,
      retryMs: 5,
      ...more,
    })
  }
  const untilProbed = (times: number) =>
    until(
      () => probes >= times,
      () => `${times} probes`,
    )
  beforeEach(async () => {
    isUp = true
    await mkdir(join(torDir, 'requests'))
  })
  afterEach(() => running.stop())

  it('has tor restarted when the onion cannot be reached, once for all probes within the pause', async () => {
    result = 'unreachable'
    start()
    await until(
      async () => (await request()) === 'restart\n',
      () => 'a request',
    )
    const { restarts } = running.status()
    await untilProbed(probes + 5)
    expect([restarts, running.status()]).toEqual([1, { state: 'unreachable', restarts: 1 }])
    result = 'reached'
    await until(
      () => running.status().state === 'reachable',
      () => 'the end of it',
    )
  })

  it('asks for nothing while the intake is closed or gone, and says nothing of the onion', async () => {
    result = 'unreachable'
    isUp = false
    start()
    await untilProbed(8)
    expect([running.status(), await request()]).toEqual([{ state: 'unknown', restarts: 0 }, null])
    isUp = true
    await until(
      async () => (await request()) === 'restart\n',
      () => 'a request',
    )
  })

  it('asks for nothing while tor is down', async () => {
    result = 'tor down'
    start()
    await untilProbed(8)
    expect([running.status(), await request()]).toEqual([{ state: 'tor down', restarts: 0 }, null])
  })

  it('asks again when its request could not be written, and counts none that was not', async () => {
    result = 'unreachable'
    let asked = 0
    start({
      restartTor: () => {
        asked += 1
        return asked < 3 ? Promise.reject(new Error('full')) : Promise.resolve()
      },
    })
    await until(
      () => running.status().restarts === 1,
      () => 'a restart',
    )
    expect(asked).toBe(3)
  })

  it('does not probe an onion through which a connection has just arrived', async () => {
    result = 'reached'
    start({ intervalMs: 60_000 })
    running.proved()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(probes).toBe(0)
    expect(running.status().state).toBe('reachable')
  })
})
