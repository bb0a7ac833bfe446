import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSettings } from '../../config/settings.ts'
import { probeOnion } from '../../src/ops/onion/probe.ts'
import { startOnion } from '../../src/ops/onion/start.ts'
import { OnionWatch } from '../../src/ops/onion/watch.ts'
import type { Ops } from '../../src/ops/start.ts'
import { startOps } from '../../src/ops/start.ts'
import { onionOf } from '../../src/ops/tor-way.ts'
import { systemClock } from '../../src/time/clock.ts'
import { readOnionName } from '../../src/tor/address.ts'
import { sharedLayoutOf, torLayoutOf } from '../../src/tor/layout.ts'
import { requestOfTor } from '../../src/tor/requests.ts'
import { runTor } from '../../src/tor/run-tor.ts'
import { torUnit } from '../../src/tor/tor-unit.ts'
import { openSite, type Site } from '../faults/site.ts'
import { isAlive, until } from '../supervise/start.ts'
import type { TorNet } from '../support/tornet/start-network.ts'
import { startTorNet } from '../support/tornet/start-network.ts'
import { isTorInstalled } from '../support/tornet/tor-process.ts'

if (!isTorInstalled()) console.warn('skipped: an onion that heals, because tor is not installed')

// A circuit through Tor may fail, so each test may be retried once.
describe.skipIf(!isTorInstalled())('when the onion cannot be reached', { retry: 1 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tumen-heal-'))
  const at = (...parts: string[]) => join(dir, ...parts)
  const shared = sharedLayoutOf(at('shared'))
  const stop = new AbortController()
  let net: TorNet
  let site: Site
  let ops: Ops
  let tor: ChildProcess
  let running: Promise<void>
  let torrc = ''

  beforeAll(async () => {
    for (const folder of ['shared/requests', 'data', 'torrc.d'])
      mkdirSync(at(folder), { recursive: true, mode: 0o700 })
    net = await startTorNet(at('net'))
    writeFileSync(at('torrc.d', 'network.conf'), net.membership)
    torrc = readFileSync('config/torrc', 'utf8')
      .replaceAll('/var/lib/tumen-tor', at('data'))
      .replaceAll('/etc/tumen/torrc.d', at('torrc.d'))
      .replaceAll('/run/tumen/tor', at('shared'))
      .replaceAll('/run/tumen/onion', dir)
    writeFileSync(at('torrc'), torrc)
    site = await openSite({ env: { TUMEN_ONION_SOCKET: at('intake.sock') } })
    for (const unit of [site.intake, site.worker]) unit.start()
    for (const unit of [site.intake, site.worker]) await unit.untilReady()
    running = run()
    ops = await watch()
    await until(
      async () => (await ops.checkHealth()).onion?.state === 'reachable',
      () => 'the onion to be reachable',
      120_000,
    )
  }, 300_000)

  afterAll(async () => {
    stop.abort()
    await running
    ops.stop()
    await site.dispose()
    await net?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  function run(): Promise<void> {
    const unit = torUnit({
      program: '/usr/bin/tor',
      torrc: at('torrc'),
      forward: () => undefined,
      graceMs: 3_000,
    })
    const spawn = () => (tor = unit.spec.spawn())
    return runTor({
      tor: { ...unit, spec: { ...unit.spec, spawn } },
      shared,
      data: torLayoutOf(at('data')),
      log: () => undefined,
      stop: stop.signal,
    })
  }

  /** Watches the onion as ops does with these settings, but with shorter intervals. */
  function watch(): Promise<Ops> {
    const settings = loadSettings({
      TUMEN_DATA_DIR: site.dataDir,
      TUMEN_KEYS_DIR: join(dirname(site.socket), 'keys'),
      TUMEN_REDIS_URL: site.redis.url,
      TUMEN_TOR_DIR: at('shared'),
    })
    const askForOnion = onionOf(settings) as NonNullable<ReturnType<typeof onionOf>>
    return startOps({
      settings,
      clock: systemClock,
      startOnion: (isIntakeUp) =>
        startOnion({
          watch: new OnionWatch({ firstMs: 60_000, maxMs: 60_000, stableMs: 0 }),
          isIntakeUp,
          intervalMs: 1_000,
          // Longer than the time for which the heartbeat of a killed intake remains valid: three
          // failures must take longer than that.
          retryMs: 16_000,
          probe: () => probeOnion({ path: shared.socks }, askForOnion, 10_000),
          restartTor: () => requestOfTor(shared.request, 'restart'),
        }),
    })
  }

  const codes = async () => (await ops.checkHealth()).problems.map(({ code }) => code)
  const untilTold = (code: string, withinMs = 120_000) =>
    until(
      async () => ((await codes()) as string[]).includes(code),
      () => code,
      withinMs,
    )
  const onion = async () => (await ops.checkHealth()).onion

  it.each([
    ['because tor hangs', () => void tor.kill('SIGSTOP')],
    [
      'because tor has lost it',
      () => {
        writeFileSync(at('torrc'), torrc.replace(/^HiddenService.*$/gm, ''))
        tor.kill('SIGHUP')
      },
    ],
  ])(
    '%s, ops reports it, restarts tor, and the onion returns under the same name',
    async (_how, harm) => {
      await until(
        async () => (await onion())?.state === 'reachable',
        () => 'the onion to be reachable',
        60_000,
      )
      const [pid = 0, name, restarts = 0] = [
        tor.pid,
        await readOnionName(shared.address),
        (await onion())?.restarts,
      ]
      harm()
      await untilTold('ONION_UNREACHABLE')
      writeFileSync(at('torrc'), torrc)
      await until(
        () => !isAlive(pid),
        () => 'the end of that tor',
        90_000,
      )
      await until(
        async () => (await onion())?.state === 'reachable',
        () => 'the onion to be reachable again',
        120_000,
      )
      expect([await onion(), await codes()]).toEqual([
        { state: 'reachable', restarts: restarts + 1 },
        expect.not.arrayContaining(['ONION_UNREACHABLE']),
      ])
      expect(await readOnionName(shared.address)).toBe(name)
    },
    400_000,
  )

  it('because no intake runs, ops does not restart tor', async () => {
    const pid = tor.pid
    await site.intake.kill()
    await untilTold('INTAKE_MISSING')
    await until(
      async () => (await onion())?.state === 'unknown',
      () => 'the onion to be unknown',
      60_000,
    )
    expect([tor.pid, await codes()]).toEqual([
      pid,
      expect.not.arrayContaining(['ONION_UNREACHABLE']),
    ])
    site.intake.start()
    await site.intake.untilReady()
    await until(
      async () => (await onion())?.state === 'reachable',
      () => 'the onion to be reachable',
      60_000,
    )
    expect(tor.pid).toBe(pid)
  }, 200_000)

  it('because tor is gone, ops reports TOR_DOWN', async () => {
    stop.abort()
    await running
    await untilTold('TOR_DOWN')
  }, 130_000)
})
