import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../../config/settings.ts'
import { gatherBundle } from '../../../src/cli/setup/bundle.ts'
import { createScrubber } from '../../../src/cli/setup/scrub.ts'
import { createDemoCeremony } from '../../../src/keyring/demo.ts'
import { openLedger } from '../../../src/ledger/writer.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import { primitives } from '../../support/ceremony.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { makeEnvelope, putBlob } from '../../workers/envelopes.ts'
import { fakeContext } from '../support/fake-context.ts'
import { runHere } from '../support/run-here.ts'

const password = 'hunter2secret'
const onion = `${'b2c3'.repeat(14)}.onion`
const uploadId = randomBytes(16).toString('base64url')

/**
 * Creates a server in which every setting, file and log line contains something that must not leave
 * the server.
 */
async function plant() {
  const dir = join(await makeTempDir(), 'srv-of-minsu')
  const [dataDir, keysDir, wordsDir] = ['var', 'keys', 'words'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ]
  await mkdir(dir)
  await createDemoCeremony({
    keysDir,
    dataDir,
    day: dayOfInstant(new Date()),
    primitives,
  })
  const envelope = makeEnvelope()
  const store = await openFsStore({
    dir: dataDir,
    instance: 't',
    reserveBytes: 0,
    clock: systemClock,
  })
  await putBlob(store, 'sealed', envelope)
  const ledger = await openLedger({ path: join(dataDir, 'ledger.jsonl'), clock: systemClock })
  await ledger.append('stored', envelope.receipt, envelope.bytes.length)
  await ledger.close()
  await mkdir(wordsDir)
  const lines = [
    `Error: EACCES: permission denied, open '${dataDir}/sealed/${envelope.receipt}.age'`,
    `redis at redis://user:${password}@10.1.2.3:6379 refused; then fd00::12:7 port 6379, 203.0.113.9:443`,
    `circuit fc00:dead:beef:4dad::ffff:1 at 2026-11-28T22:14:03.123Z, 22:14:05`,
    `mail to minsu.kim@example.org by ${onion}, upload ${uploadId}`,
    `worker: envelope ${envelope.receipt.slice(0, 12)} of DEMO analyst failed: IO_FAILED`,
  ]
  for (const role of ['intake', 'worker', 'ops'])
    await writeFile(join(wordsDir, `${role}.last-words`), lines.join('\n'))
  await writeFile(join(dir, 'ops.token'), randomBytes(32).toString('base64'), { mode: 0o644 })
  const env = {
    TUMEN_DATA_DIR: dataDir,
    TUMEN_KEYS_DIR: keysDir,
    TUMEN_REDIS_URL: `redis://user:${password}@redis-of-minsu.example:1`,
    TUMEN_LISTEN: '198.51.100.7:8440',
    TUMEN_OPS_LISTEN: '127.0.0.1:1',
    TUMEN_OPS_TOKEN_FILE: join(dir, 'ops.token'),
    TUMEN_ONION_ADDRESS: onion,
    TUMEN_ONION_SOCKET: join(dir, 'onion.sock'),
    TUMEN_TOR_SOCKS: 'tor-of-minsu.example:9050',
    TUMEN_NOTIFY_NTFY: `https://ntfy.example/${password}`,
    TUMEN_NOTIFY_WEBHOOK: `https://hooks.example/${password}?token=${password}`,
    TUMEN_NOTIFY_SMTP: `smtps://minsu:${password}@mail.example.org`,
    TUMEN_NOTIFY_FROM: 'tumen@example.org',
    TUMEN_NOTIFY_TO: 'minsu.kim@example.org,other@example.org',
  }
  const secretFiles = ['demo/demo.identity', 'demo/root.key', 'demo/desk.key', 'export.key']
  const keys = await Promise.all(secretFiles.map((name) => readFile(join(dataDir, name), 'utf8')))
  return { env, dir, wordsDir, receipt: envelope.receipt, keys }
}

describe('tumen debug bundle', () => {
  it('says what a maintainer needs', async () => {
    const { env, wordsDir } = await plant()
    const context = fakeContext({ settings: async () => loadSettings(env), clock: systemClock })
    const bundle = await gatherBundle(context, wordsDir)
    expect(bundle.version).toMatchObject({ tumen: '0.1.0', node: process.versions.node })
    expect(bundle.settings).toMatchObject({
      TUMEN_LISTEN: 'another address',
      TUMEN_OPS_LISTEN: 'loopback',
      TUMEN_REDIS_URL: 'set',
      TUMEN_NOTIFY_TO: 'set',
      TUMEN_TOR_DIR: 'not set',
      TUMEN_STORE: 'fs',
      TUMEN_RETENTION_DAYS: 30,
    })
    expect(bundle.problems).toBeNull()
    expect(bundle.ledger).toEqual({ isWhole: true })
    expect(bundle.envelopes).toEqual({ incoming: 0, sealed: 10, collected: 0, quarantine: 0 })
    expect(bundle.doctor.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['settings', 'keyring', 'redis', 'listeners', 'disk']),
    )
    expect(bundle.lastWords.worker?.at(-1)).toBe(
      'worker: envelope <hex> of <removed> failed: IO_FAILED',
    )
  })

  it('holds no secret, address, receipt, name, path or time of what was planted', async () => {
    const { env, dir, wordsDir, receipt, keys } = await plant()
    const context = fakeContext({ settings: async () => loadSettings(env), clock: systemClock })
    const text = JSON.stringify(await gatherBundle(context, wordsDir))
    const planted = [
      password,
      onion,
      'minsu',
      'example',
      '198.51.100',
      '10.1.2.3',
      'fd00',
      '203.0.113',
      'dead:beef',
      '22:14',
      dayOfInstant(new Date()),
      'DEMO analyst',
      uploadId,
      dir,
      receipt.slice(0, 8),
      ...keys.flatMap((key) => key.split(/\s+/).filter((word) => word.length >= 16)),
    ]
    expect(planted.filter((secret) => text.includes(secret))).toEqual([])
  })

  it('writes a new file, never over another one, and works with settings that cannot be read', async () => {
    const { env, dir } = await plant()
    const done = await runHere({ dir, env: { ...env, TUMEN_MAX_BYTES: 'x' } }, [
      'debug',
      'bundle',
      '-o',
      'bundle.json',
    ])
    expect(done).toMatchObject({ status: 0, stdout: 'wrote bundle.json\n' })
    const written = JSON.parse(await readFile(join(dir, 'bundle.json'), 'utf8')) as object
    expect(written).toMatchObject({ settings: 'cannot be read', envelopes: null })
    expect(await runHere({ dir, env }, ['debug', 'bundle', '-o', 'bundle.json'])).toMatchObject({
      status: 1,
    })
  })
})

describe('createScrubber', () => {
  it.each([
    ['exit status 137, IO_FAILED after 3 tries', 'exit status 137, IO_FAILED after 3 tries'],
    ['open /var/lib/tumen/x: EACCES', 'open <path>: EACCES'],
    ['unix:/run/tumen/redis.sock', '<path>'],
    ['listen [::1]:8440 fails', 'listen <address> fails'],
    ['AGE-SECRET-KEY-1QQPZ', '<key>'],
  ])('%s becomes %s', (text, expected) => {
    expect(createScrubber([])(text)).toBe(expected)
  })
})
