import { chmodSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadSettings } from '../../../config/settings.ts'
import { readTokenFile } from '../../../config/token-file.ts'
import { setUp, type SetupValues } from '../../../src/cli/setup/setup.ts'
import { ways } from '../../../src/cli/setup/ways-to-run.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { makePlaces } from '../../doctor/places.ts'
import { fakeContext } from '../support/fake-context.ts'
import { onTerminal } from '../support/on-terminal.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir, tumenPath } from '../support/run-tumen.ts'

const goodMachine = {
  'proc/swaps': 'Filename Type Size Used Priority\n',
  'proc/sys/kernel/core_pattern': 'core\n',
  'proc/self/limits': 'Max core file size 0 0 bytes\n',
  'proc/sys/kernel/random/entropy_avail': '256\n',
  'run/systemd/timesync/synchronized': '',
  'log/x': '',
}
const password = 'p$x#40"y'
const url = `smtps://ops:${encodeURIComponent(password)}@mail.example.org`

let dir: string
beforeEach(async () => {
  dir = await makeTempDir()
})
const envFile = () => join(dir, '.env')
const envOf = (path = envFile()) => parseEnv(readFileSync(path, 'utf8'))

/** Runs setup without a terminal, on a machine that is described by files. */
async function run(values: SetupValues, files: Record<string, string> = {}) {
  const places = await makePlaces({ ...goodMachine, ...files })
  // The keyring that `npm start` made in this checkout is valid today, but not on the fixed day of
  // the other tests.
  const context = fakeContext({ cwd: dir, clock: systemClock })
  const status = await setUp(
    context,
    { output: '.env', ...values },
    { ...places, log: join(places.dir, 'log'), security: join(places.dir, 'SECURITY.md') },
  )
  return { status, ...context.written }
}

const runJson = async (values: SetupValues, files?: Record<string, string>) => {
  const { stdout, ...rest } = await run({ ...values, json: true }, files)
  return {
    ...rest,
    told: JSON.parse(stdout) as {
      written: boolean
      changes: { name: string; change: string; before: string | null; after: string | null }[]
      findings: { check: string; level: string; mended: string | null }[]
    },
  }
}

describe('tumen setup', () => {
  it.each(['compose', 'systemd', 'hand'] as const)(
    'writes for %s, without a question, what Tumen can start with',
    async (way) => {
      const { status, stdout, stderr } = await run({
        run: way,
        yes: true,
        ...(way === 'hand' ? { 'data-dir': 'the data' } : {}),
      })
      expect([status, stderr]).toEqual([0, expect.stringContaining(`wrote ${envFile()}`)])
      expect(statSync(envFile()).mode & 0o777).toBe(0o600)
      expect(readdirSync(dir).sort()).toEqual(way === 'hand' ? ['.env', 'the data'] : ['.env'])
      const settings = loadSettings({ ...envOf(), ...ways[way].given })
      expect(settings).toMatchObject({
        maxBytes: 2 ** 31,
        dataDir: way === 'hand' ? join(dir, 'the data') : '/var/lib/tumen',
      })
      if (way === 'hand') expect(statSync(join(dir, 'the data')).mode & 0o777).toBe(0o700)
      expect(
        stdout
          .slice(stdout.indexOf('What to do next:'))
          .split('\n')
          .filter((line) => /^ {2}[^(]/.test(line) || line.includes('npx')),
      ).toHaveLength(2)
    },
  )

  it('changes nothing when every setting is there already', async () => {
    await run({ run: 'compose', yes: true })
    const before = statSync(envFile())
    expect(await run({ run: 'compose', yes: true })).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('says so already'),
    })
    expect(statSync(envFile()).ino).toBe(before.ino)
  })

  it('keeps what was set by hand, shows what would change, and replaces nothing without a yes', async () => {
    writeFileSync(envFile(), 'TUMEN_RETENTION_DAYS="10" # ten\nTUMEN_MAX_BYTES=1GiB\n')
    const refused = await runJson({ run: 'compose', 'max-bytes': '4GiB' })
    expect([refused.status, refused.told.written, refused.told.changes]).toEqual([
      1,
      false,
      [{ name: 'TUMEN_MAX_BYTES', change: 'changed', before: '1GiB', after: '4GiB' }],
    ])
    expect(envOf()['TUMEN_MAX_BYTES']).toBe('1GiB')
    const replaced = await run({ run: 'compose', 'max-bytes': '4GiB', yes: true })
    expect(replaced).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('~ TUMEN_MAX_BYTES=4GiB   was 1GiB'),
    })
    expect(envOf()).toEqual({ TUMEN_RETENTION_DAYS: '10', TUMEN_MAX_BYTES: '4GiB' })
  })

  it('takes an address with a password from a file, and shows it nowhere', async () => {
    writeFileSync(join(dir, 'address'), `${url}\n`)
    const values = {
      run: 'systemd',
      notify: 'smtp',
      'notify-url-file': 'address',
      'notify-from': 'a@example.org',
      'notify-to': 'b@example.org',
      yes: true,
    }
    const [written, again, json] = [
      await run(values),
      await run({ ...values, notify: 'none' }),
      await runJson(values),
    ]
    expect([written, again, json].map(({ status }) => status)).toEqual([0, 0, 0])
    expect(envOf()).toMatchObject({ TUMEN_NOTIFY_SMTP: url, TUMEN_NOTIFY_TO: 'b@example.org' })
    expect(written.stderr).toContain('+ TUMEN_NOTIFY_SMTP=(not shown)')
    expect(again.stderr).toContain('- TUMEN_NOTIFY_SMTP=(not shown)')
    for (const seen of [written, again, json])
      expect(JSON.stringify(seen)).not.toMatch(/p\$x|p%24x|ops:/)
  })

  it.each([
    [{ 'max-bytes': '4 GB' }, '--max-bytes must be a number of bytes'],
    [{ run: 'docker' }, '--run must be one of compose, systemd, hand'],
    [{ run: 'systemd', 'data-dir': '/srv' }, '--data-dir cannot be chosen'],
    [{ run: 'hand', 'data-dir': "it's" }, '--data-dir may hold no apostrophe'],
    [{ notify: 'smtp', 'notify-url-file': 'plain' }, '--notify-url-file must be smtps://'],
    [{ notify: 'webhook' }, '--notify-url-file must be https://'],
    [{ run: 'compose', 'ops-listen': '0.0.0.0:1' }, '--ops-listen is for --run hand'],
  ])('ends with 2 for %j and writes nothing', async (values: Record<string, string>, says) => {
    writeFileSync(join(dir, 'plain'), 'http://user:secretword@mail.example.org')
    const args = Object.entries({ run: 'compose', ...values }).flatMap(([name, value]) => [
      `--${name}`,
      value,
    ])
    const { status, stderr } = await runHere({ dir, env: {} }, [
      'setup',
      '--yes',
      '-o',
      '.env',
      ...args,
    ])
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)])
    expect(stderr).not.toContain('secretword')
    expect(readdirSync(dir)).toEqual(['plain'])
  })

  it('names every setting of an earlier file that cannot be read', async () => {
    writeFileSync(envFile(), 'TUMEN_SWEEP_SECONDS=often\nTUMEN_MAXBYTES=1\n')
    const failed = run({ run: 'compose', yes: true })
    await expect(failed).rejects.toThrow(
      /TUMEN_MAXBYTES is not a setting; did you mean TUMEN_MAX_BYTES\?\n.*TUMEN_SWEEP_SECONDS must be/,
    )
    expect(envOf()['TUMEN_SWEEP_SECONDS']).toBe('often')
  })

  it('stops at swap that is not encrypted, with the way out, and writes nothing', async () => {
    const { status, stdout, stderr } = await run(
      { run: 'hand', yes: true, 'data-dir': 'var', 'ops-listen': '10.1.2.3:8441' },
      { 'proc/swaps': 'Filename\n/swapfile file 1 0 -2\n' },
    )
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(/^bad {3}swap .*not encrypted.*\n +to do: swapoff -a/m),
    ])
    expect(stderr).toContain('nothing was written')
    expect(readdirSync(dir)).toEqual([])
  })

  it('continues despite core dumps, which the chosen way to run Tumen forbids', async () => {
    const { told, status } = await runJson(
      { run: 'systemd', yes: true },
      { 'proc/self/limits': 'Max core file size unlimited unlimited bytes\n' },
    )
    expect(status).toBe(0)
    expect(told.findings.find(({ check }) => check === 'core dumps')).toMatchObject({
      level: 'bad',
      mended: expect.stringContaining('LimitCORE=0'),
    })
  })

  it('makes a token when other machines may reach ops, and keeps it', async () => {
    const values = { run: 'hand', yes: true, 'data-dir': 'var', 'ops-listen': '10.1.2.3:8441' }
    expect((await run(values)).status).toBe(0)
    const token = readTokenFile(join(dir, 'ops.token'))
    expect(envOf()['TUMEN_OPS_TOKEN_FILE']).toBe(join(dir, 'ops.token'))
    expect((await run({ ...values, 'max-bytes': '1GiB' })).status).toBe(0)
    expect(readTokenFile(join(dir, 'ops.token'))).toBe(token)
    chmodSync(join(dir, 'ops.token'), 0o644)
    expect(await run(values)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('may be read or changed by others'),
    })
  })

  it('reports logs of other programs that reveal what ours do not', async () => {
    expect(
      (await run({ run: 'compose', yes: true }, { 'log/nginx/access.log': 'GET /' })).stdout,
    ).toMatch(/^warn {2}logs .*log\/nginx/m)
  })

  const swaps = readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1
  it.skipIf(swaps)(
    'asks on a terminal, takes Enter for what stands there, and shows no password',
    async () => {
      const command = [process.execPath, tumenPath, 'setup', '-o', '.env']
      const first = await onTerminal(dir, command, [
        ['How is Tumen run? [', 'hands\r'],
        ['must be one of', ''],
        ['How is Tumen run? [', 'hand\r'],
        ['Where does the data lie?', 'var\r'],
        ['The largest tip? [2GiB]', '\r'],
        ['Notes to staff, through Tor? [none]', 'smtp\r'],
        ['Its address, smtps://user:password@host or smtp://… (not shown)', `${url}\r`],
        ['Mailed from?', 'a@example.org\r'],
        ['Mailed to? [a@example.org]', '\r'],
        ['A page on the open web', 'yes\r'],
        ['Where are faults of this software reported?', '\r'],
        ['The age recipient that reports are sealed to?', '\r'],
      ])
      expect(first).toMatchObject({ status: 0, unasked: undefined })
      expect(first.shown).not.toContain('ops:')
      expect(first.shown).toContain('tumen front-page --onion')
      expect(envOf()).toMatchObject({
        TUMEN_DATA_DIR: join(dir, 'var'),
        TUMEN_NOTIFY_SMTP: url,
        TUMEN_NOTIFY_FROM: 'a@example.org',
        TUMEN_NOTIFY_TO: 'a@example.org',
      })
      const second = await onTerminal(dir, command, [
        ['How is Tumen run?', 'hand\r'],
        ['Where does the data lie?', '\r'],
        ['The largest tip? [2GiB]', '1GiB\r'],
        ['through Tor? [keep]', '\r'],
        ['A page on the open web', '\r'],
        ['Where are faults of this software reported?', '\r'],
        ['The age recipient that reports are sealed to?', '\r'],
        ['~ TUMEN_MAX_BYTES=1GiB   was 2GiB', ''],
        ['(y/N)', 'n\r'],
      ])
      expect(second).toMatchObject({ status: 1, unasked: undefined })
      expect(envOf()).toMatchObject({ TUMEN_MAX_BYTES: '2GiB', TUMEN_NOTIFY_SMTP: url })
      expect(existsSync(join(dir, '.env'))).toBe(true)
    },
  )
  if (swaps)
    console.warn(
      'skipped: setup on a terminal, because this machine has swap, at which it rightly stops',
    )
})
