import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { intakeEnv } from '../../src/supervise/intake-env.ts'
import { runTumen } from '../cli/support/run-tumen.ts'
import { until } from '../supervise/start.ts'
import type { Machine } from '../support/machine.ts'
import { makeMachine } from '../support/machine.ts'
import type { TorNet } from '../support/tornet/start-network.ts'
import { startTorNet } from '../support/tornet/start-network.ts'
import { isTorInstalled } from '../support/tornet/tor-process.ts'
import type { Stack } from './compose.ts'
import { composeUp, readCompose, runArguments } from './compose.ts'
import { openPodman } from './podman.ts'
import { coreLimits, openPorts, processesOf, rootOptions, statusOf } from './processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = join(root, 'docker-compose.yml')
const operations = join(root, 'docs/operations.md')
const podman = openPodman()
const whyNot = isTorInstalled() ? podman.unavailable() : 'tor is not installed'
if (whyNot !== null) console.warn(`skipped: the compose stack, because ${whyNot}`)

const services = readCompose(file)
const targets = ['app', 'redis', 'tor']

describe('docker-compose.yml', () => {
  it.each(Object.entries(services))('gives %s no right it does not need', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      logging: { driver: 'none' },
    })
    expect(service.ports).toBeUndefined()
    expect(service.mem_limit).toMatch(/^\d+m$/)
    expect(service.pids_limit).toBeLessThanOrEqual(64)
    expect(service.healthcheck?.test[0]).toBe('CMD')
  })

  it('bounds the heap of the intake, well below what its container may use, and lets many receipts wait for the disk', () => {
    expect(services['intake']).toMatchObject({
      environment: intakeEnv,
      mem_limit: '768m',
    })
    const unit = readFileSync(join(root, 'config/systemd/tumen-intake.service'), 'utf8')
    for (const [name, value] of Object.entries(intakeEnv))
      expect(unit).toContain(`\nEnvironment="${name}=${value}"\n`)
  })

  it('gives tor alone a network', () => {
    const networked = Object.entries(services)
      .filter(([, { network_mode }]) => network_mode !== 'none')
      .map(([name]) => name)
    expect(networked).toEqual(['tor'])
  })

  it('gives the settings, which may hold a password, only to our own programs', () => {
    expect(
      Object.entries(services)
        .filter(([, { env_file = [] }]) => env_file.includes('.env'))
        .map(([name]) => name),
    ).toEqual(['intake', 'worker', 'ops'])
    expect(Object.values(services).map(({ ulimits }) => ulimits?.core)).toEqual([0, 0, 0, 0, 0])
  })

  it('lets tor reach no envelope and no keyring, and nobody but tor the keys of the onion', () => {
    expect(services['tor']?.volumes?.join(' ')).not.toMatch(/data:|keys:\/keys|redis/)
    const holders = Object.entries(services)
      .filter(([, { volumes = [] }]) => volumes.some((volume) => volume.startsWith('onion-keys:')))
      .map(([name]) => name)
    expect(holders).toEqual(['tor'])
    for (const [name, { volumes = [] }] of Object.entries(services)) {
      if (volumes.some((volume) => volume.includes(':/keys')))
        expect(`${name} ${volumes.join(' ')}`).toContain('./keys:/keys:ro')
    }
  })
})

describe.skipIf(whyNot !== null)('the stack in containers', () => {
  let machine: Machine
  let net: TorNet
  let stack: Stack
  let address = ''
  const dir = mkdtempSync(join(tmpdir(), 'tumen-compose-'))

  beforeAll(async () => {
    podman.ensureBase()
    podman.build(root, targets)
    machine = await makeMachine(undefined, join(dir, 'machine'))
    net = await startTorNet(join(dir, 'tornet'))
    mkdirSync(join(dir, 'torrc.d'))
    writeFileSync(join(dir, 'torrc.d', 'network.conf'), net.membership)
    // The containers run as other users than this test, so the files must be readable by all.
    spawnSync('chmod', ['-R', 'a+rX', dir, machine.at('keys')])
    // Makes the data folder with the command in docs/operations.md, but without sudo.
    const [, install = ''] =
      /^sudo (install -d -o 10001 .*)$/m.exec(readFileSync(operations, 'utf8')) ?? []
    expect(spawnSync('sh', ['-c', install], { cwd: machine.dir }).status).toBe(0)
    stack = composeUp(podman, {
      file,
      project: 'tumentest',
      folder: machine.dir,
      // The Tor test network listens on this machine's loopback.
      changes: {
        tor: { network: 'host', volumes: [`${join(dir, 'torrc.d')}:/etc/tumen/torrc.d:ro`] },
        ops: { environment: { TUMEN_CANARY_MINUTES: '1' } },
      },
    })
    await until(
      async () => (address = onionName()) !== '',
      () => 'tor to name its onion',
      120_000,
    )
  }, 40 * 60_000)

  afterAll(async () => {
    stack?.down()
    await net?.stop()
    rmSync(dir, { recursive: true, force: true })
  }, 120_000)

  function onionName(): string {
    try {
      return stack.exec(
        'tor',
        '/usr/local/lib/node',
        '-p',
        "require('fs').readFileSync('/run/tumen/tor/tips.onion', 'utf8').trim()",
      )
    } catch {
      return ''
    }
  }

  async function send(name: string): Promise<string> {
    const sealed = await runTumen(
      machine.dir,
      ['seal', '--narrative', name, '-o', `${name}.age`],
      machine.env,
    )
    expect(sealed.status).toBe(0)
    const sent = await runTumen(
      machine.dir,
      [
        'send',
        `${name}.age`,
        '--to',
        `http://${address}`,
        '--socks5',
        `127.0.0.1:${net.socksPort}`,
        '--json',
      ],
      machine.env,
    )
    expect(sent).toMatchObject({ status: 0 })
    return (JSON.parse(sent.stdout) as { receipt: string }).receipt
  }

  const stored = () =>
    stack.exec(
      'worker',
      '/usr/local/lib/node',
      '-p',
      "require('fs').readdirSync('/var/lib/tumen/sealed').join(' ')",
    )
  const untilStored = (receipt: string) =>
    until(
      async () => stored().includes(receipt),
      () => `${receipt} in the vault`,
      60_000,
    )

  it('is made of images without a shell, a setuid file or root', () => {
    for (const target of targets) {
      const { User } = (
        JSON.parse(podman.run(['image', 'inspect', `localhost/tumen/${target}`])) as [
          { Config: { User: string } },
        ]
      )[0].Config
      expect(User).toMatch(/^1000[123]:10000$/)
      const id = podman.run(['create', `localhost/tumen/${target}`])
      podman.run(['export', '--output', join(dir, `${target}.tar`), id])
      podman.run(['rm', id])
      const listing = listTar(join(dir, `${target}.tar`))
      expect(listing.length).toBeGreaterThan(20)
      // Files with the setuid or setgid bit; folders may have the latter.
      expect(listing.filter((line) => /^-..[sS]|^-.{5}[sS]/.test(line))).toEqual([])
      expect(
        listing.filter((line) => /\/(sh|bash|dash|busybox|apt-get|dpkg|perl|python3)$/.test(line)),
      ).toEqual([])
    }
  })

  it('takes a tip through the onion into the vault', async () => {
    const receipt = await send('first')
    await untilStored(receipt)
    for (const service of ['intake', 'worker', 'ops', 'redis', 'tor'])
      expect([service, stack.isHealthy(service)]).toEqual([service, true])
  }, 180_000)

  it('keeps what is stored from a broken intake and a broken ops', () => {
    const attack = `
      const fs = require('fs')
      const tries = {
        'delete the vault': () => fs.rmSync('/var/lib/tumen/sealed', { recursive: true }),
        'move the vault': () => fs.renameSync('/var/lib/tumen/sealed', '/var/lib/tumen/gone'),
        'delete the ledger': () => fs.rmSync('/var/lib/tumen/ledger', { recursive: true }),
        'ask for a deletion': () => fs.writeFileSync('/var/lib/tumen/discards/collected', ''),
        'write an answer': () => fs.writeFileSync('/var/lib/tumen/replies/index.json', ''),
      }
      const done = Object.entries(tries).flatMap(([name, attempt]) => {
        try {
          attempt()
          return [name]
        } catch {
          return []
        }
      })
      console.log(done.join())`
    for (const service of ['intake', 'ops'])
      expect([service, stack.exec(service, '/usr/local/lib/node', '-e', attack)]).toEqual([
        service,
        '',
      ])
    const readLedger = "require('fs').readdirSync('/var/lib/tumen/ledger')"
    expect(() => stack.exec('intake', '/usr/local/lib/node', '-p', readLedger)).toThrow(/EACCES/)
    expect(stored()).toMatch(/^[0-9a-f]{64}\.age/)
  })

  it('receives its own canary through the onion', async () => {
    const ask =
      "require('http').get({ socketPath: '/run/tumen/ops/ops.sock', path: '/metrics', headers: { host: 'localhost' } }, (answer) => answer.pipe(process.stdout))"
    const metrics = () => stack.exec('ops', '/usr/local/lib/node', '-e', ask)
    await until(
      () => metrics().includes('tumen_canary_latency_info{'),
      () => `a canary to arrive; ops says ${metrics()}`,
      240_000,
    )
    expect(metrics()).toContain('tumen_canary_state{state="ok"} 1\n')
    expect(metrics()).toContain('tumen_onion_reachable 1\n')
    // No onion address is configured, so ops must have used the one that tor wrote.
    expect(stack.exec('ops', '/usr/local/lib/node', '-p', 'process.env.TUMEN_ONION_ADDRESS')).toBe(
      'undefined',
    )
  }, 300_000)

  it('comes back, with every tip, when its containers are killed one by one', async () => {
    const receipts: string[] = []
    for (const service of ['redis', 'worker', 'intake', 'ops', 'tor']) {
      const pid = stack.pid(service)
      // `podman kill` cannot be used: podman does not restart a container that was stopped on
      // purpose.
      process.kill(pid, 'SIGKILL')
      await until(
        () => ![0, pid].includes(stack.pid(service)) && stack.isHealthy(service),
        () => `${service} to be back`,
        120_000,
      )
      receipts.push(await untilSent(`after-${service}`))
    }
    for (const receipt of receipts) await untilStored(receipt)
    expect(new Set(receipts).size).toBe(5)
  }, 600_000)

  /**
   * Retries until a tip is sent, because a circuit to an onion whose tor was just killed takes a
   * while to fail.
   */
  async function untilSent(name: string): Promise<string> {
    let receipt = ''
    await until(
      async () => (receipt = await send(name).catch(() => '')) !== '',
      () => `${name} to be sent`,
      180_000,
    )
    return receipt
  }

  it('refuses a second worker in a container of its own, and the first one continues', async () => {
    const worker = services['worker']
    if (worker === undefined) throw new Error('there is no worker in the compose file')
    const again = { ...worker, restart: 'no' }
    const args = runArguments('worker', again, { project: 'tumentest', folder: machine.dir })
    const second = args
      .filter((argument) => argument !== '--detach')
      .map((argument) => (argument === 'tumentest_worker' ? 'tumentest_second' : argument))
    const { status, output } = await podman.start(second)
    podman.run(['rm', 'tumentest_second'])
    expect({ status, output }).toEqual({
      status: 2,
      output: expect.stringContaining('another worker writes this ledger') as string,
    })
    expect(stack.isHealthy('worker')).toBe(true)
  }, 120_000)

  it('runs without privileges: no root, no way to gain any, no writes outside its volumes', () => {
    for (const service of Object.keys(services)) {
      const first = stack.pid(service)
      expect([service, rootOptions(first)[0]]).toEqual([service, 'ro'])
      for (const pid of processesOf(first)) {
        expect([service, statusOf(pid, 'Uid'), statusOf(pid, 'Gid')]).toEqual([
          service,
          expect.stringMatching(/^(1000[123])(\t\1){3}$/),
          '10000\t10000\t10000\t10000',
        ])
        expect([service, coreLimits(pid)]).toEqual([service, ['0', '0']])
        // seccomp(2): mode 2 is a filter.
        expect(
          ['CapPrm', 'CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp'].map((name) =>
            Number.parseInt(statusOf(pid, name), 16),
          ),
        ).toEqual([0, 0, 0, 1, 2])
      }
    }
  })

  it('opens no port, not even in tor, which makes every connection itself', () => {
    for (const service of Object.keys(services)) {
      const pids = processesOf(stack.pid(service))
      expect(pids.length).toBeGreaterThan(service === 'tor' ? 1 : 0)
      expect([service, pids.flatMap(openPorts)]).toEqual([service, []])
    }
    // Control: `openPorts` does find a port of a process in the Tor test network.
    expect(openPorts(net.clientPid)).toHaveLength(1)
  })

  it('has the configured read-only root, and no port of the machine', () => {
    for (const [service, spec] of Object.entries(services)) {
      const [{ HostConfig, EffectiveCaps, Config }] = JSON.parse(
        podman.run(['inspect', stack.name(service)]),
      ) as [Inspected]
      expect([
        service,
        HostConfig.ReadonlyRootfs,
        EffectiveCaps ?? [],
        HostConfig.SecurityOpt,
        HostConfig.PortBindings,
      ]).toEqual([
        service,
        true,
        [],
        ['no-new-privileges:true'].map((option) => option.replace(':true', '')),
        {},
      ])
      expect(Config.User).not.toMatch(/^0|root/)
      expect(runArguments(service, spec, { project: 'p', folder: '/' })).toContain('--read-only')
    }
    expect(() =>
      stack.exec(
        'intake',
        '/usr/local/lib/node',
        '-e',
        "require('fs').writeFileSync('/app/x', '')",
      ),
    ).toThrow(/EROFS/)
    expect(
      stack.exec(
        'intake',
        '/usr/local/lib/node',
        '-p',
        "Object.keys(require('os').networkInterfaces()).join()",
      ),
    ).toBe('lo')
  })
})

interface Inspected {
  EffectiveCaps: string[] | null
  Config: { User: string }
  HostConfig: {
    ReadonlyRootfs: boolean
    SecurityOpt: string[]
    PortBindings: Record<string, unknown>
  }
}

/** Lists every file in an archive in the format of `ls -l`, without unpacking it. */
function listTar(path: string): string[] {
  const { stdout } = spawnSync('tar', ['-tvf', path], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout.split('\n').filter(Boolean)
}
