import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SocksClient } from 'socks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAlive, until } from '../supervise/start.ts'
import type { TorNet } from '../support/tornet/start-network.ts'
import { startTorNet } from '../support/tornet/start-network.ts'
import { isTorInstalled } from '../support/tornet/tor-process.ts'

if (!isTorInstalled())
  console.warn('skipped: the private Tor network, because tor is not installed')

describe.skipIf(!isTorInstalled())('the private Tor network', { retry: 1 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tumen-tornet-'))
  let net: TorNet
  let server: Server

  beforeAll(async () => {
    server = createServer((socket) => socket.once('data', (data) => socket.end(data)))
    await once(server.listen(join(dir, 'echo.sock')), 'listening')
    const target = `unix:${join(dir, 'echo.sock')}`
    net = await startTorNet(join(dir, 'net'), {
      plain: { target },
      named: { target, haproxy: true },
    })
  }, 180_000)

  afterAll(async () => {
    await net?.stop()
    server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** The first bytes that the echo server received on one new connection. */
  async function echoThrough(onion: string): Promise<string> {
    const { socket } = await SocksClient.createConnection({
      proxy: { host: '127.0.0.1', port: net.socksPort, type: 5 },
      command: 'connect',
      destination: { host: net.onions[onion] ?? '', port: 80 },
      timeout: 20_000,
    })
    socket.write('hello')
    let text = ''
    for await (const piece of socket) text += String(piece)
    return text
  }

  /** Retries, because the first descriptor may not be published yet. */
  async function untilEchoed(onion: string): Promise<string> {
    let text = ''
    await until(
      async () => (text = await echoThrough(onion).catch(() => '')) !== '',
      () => `an answer from the onion ${onion}`,
      90_000,
    )
    return text
  }

  it('carries a connection to a local server through an onion service', async () => {
    expect(net.onions['plain']).toMatch(/^[a-z2-7]{56}\.onion$/)
    expect(await untilEchoed('plain')).toBe('hello')
  }, 100_000)

  it('names the circuit in a PROXY line when asked to', async () => {
    expect(await untilEchoed('named')).toMatch(
      /^PROXY TCP6 fc00:dead:beef:4dad::[0-9a-f]+:[0-9a-f]+ ::1 \d+ 80\r\n/,
    )
  }, 100_000)

  it('listens only on loopback, and has no exit', () => {
    const consensus = readFileSync(join(dir, 'net/client/data/cached-microdesc-consensus'), 'utf8')
    const relays = [...consensus.matchAll(/^r \S+ \S+ \S+ \S+ (\S+) /gm)].map(([, at]) => at)
    // A circuit needs three; the last relays may join a later consensus.
    expect(relays.length).toBeGreaterThanOrEqual(3)
    expect(new Set(relays)).toEqual(new Set(['127.0.0.1']))
    expect(consensus).not.toMatch(/^s .*\bExit\b/m)
    const ports = readdirSync(join(dir, 'net')).flatMap((name) => [
      ...(readFileSync(join(dir, 'net', name, 'torrc'), 'utf8').match(
        /^(?:ORPort|DirPort|SocksPort) .*$/gm,
      ) ?? []),
    ])
    expect(ports.length).toBeGreaterThan(relays.length)
    for (const line of ports) expect(line).toMatch(/ (127\.0\.0\.1:\d+|0)$/)
  })

  it('ends with the process that started it', async () => {
    const start = new URL('../support/tornet/start-network.ts', import.meta.url).href
    const code = `const { startTorNet } = await import('${start}')
      const net = await startTorNet(${JSON.stringify(join(dir, 'orphan'))})
      console.log(net.clientPid); setInterval(() => {}, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(owner.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    expect(isAlive(pid)).toBe(true)
    owner.kill('SIGKILL')
    await until(
      () => !isAlive(pid),
      () => 'the client tor to end',
      60_000,
    )
  }, 200_000)

  it('has no process left after stop', async () => {
    await net.stop()
    expect(isAlive(net.clientPid)).toBe(false)
  })
})
