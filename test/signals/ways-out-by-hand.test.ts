import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runTumen } from '../cli/support/run-tumen.ts'
import { loadSettings } from '../../config/settings.ts'
import { lateMs } from '../../src/ops/canary/watch.ts'
import { channelsOf } from '../../src/ops/notify/from-settings.ts'
import { startNotify } from '../../src/ops/notify/start.ts'
import { systemClock } from '../../src/time/clock.ts'
import { addDays, dayOfInstant } from '../../src/time/day.ts'
import { parseSecretKey, signMinisign } from '../../src/keyring/minisign.ts'
import { ask, rawPost, tusCreate, tusPatch, uploadPath } from '../durability/support/ask.ts'
import { Unit } from '../faults/site.ts'
import { writeReplies } from '../reply-store/answering-desk.ts'
import { fillUp, mayNotMount, mountDiskOn, unmountDisk } from '../support/small-disk.ts'
import { makeEnvelope, sha256 } from '../workers/envelopes.ts'
import { restart, startGreen, storeOne, tumen, untilGreen, walk } from './green-site.ts'
import { demoDays, replaceKeyring, type WatchedSite } from './watched-site.ts'

/*
 * The ways out that are no command: what /readyz says is done by hand until nothing is reported.
 */

const patience = { timeout: 20_000 }

const pageGet = { method: 'GET', path: '/' }

const today = dayOfInstant(new Date())

const secretOf = async (site: WatchedSite, name: string) =>
  parseSecretKey(await readFile(join(site.deskDir, 'demo', name), 'utf8'))

/** Puts a keyring into the server's folder, as after a ceremony. */
async function signAsRoot(site: WatchedSite, path: string, bytes: Uint8Array): Promise<void> {
  const secretKey = await secretOf(site, 'root.key')
  await writeFile(path, bytes)
  const signature = signMinisign({ secretKey, message: bytes, trustedComment: 'a ceremony' })
  await writeFile(`${path}.minisig`, signature)
}

/** Writes an index of the desk that confirms the served keyring, or another one. */
async function putIndex(
  folder: string,
  site: WatchedSite,
  { seq, day = today, other }: { seq: number; day?: string; other?: object },
): Promise<void> {
  const served = await readFile(join(site.keysDir, 'keyring.json'))
  const keyring = { sha256: sha256(served), issued: today, ...other }
  writeReplies(folder, await secretOf(site, 'desk.key'), { seq, day, keyring })
}

describe('what /readyz says to do makes the site green again', { timeout: 120_000 }, () => {
  it('when the worker is gone', async () => {
    const site = await startGreen()
    await site.worker.kill()
    await walk(site, 'WORKER_MISSING', () => restart(site.worker))
  })

  it.each([
    ['INTAKE_DRAINING', 'intake'],
    ['WORKER_DRAINING', 'worker'],
  ] as const)('after %s, with another start', async (code, name) => {
    const site = await startGreen()
    await site[name].stop()
    await walk(site, code, async () => {
      site[name].start()
      await site[name].untilReady()
    })
  })

  it('when the intake is gone', async () => {
    const site = await startGreen()
    await site.intake.kill()
    await walk(site, 'INTAKE_MISSING', () => restart(site.intake))
  })

  it('when Redis is gone', async () => {
    const site = await startGreen()
    await site.redis.kill()
    await walk(site, 'REDIS_UNREACHABLE', () => site.redis.start())
  })

  it('when the disk of Redis is full, with room on it', async (context) => {
    const site = await startGreen()
    await site.redis.kill()
    const disk = join(site.redis.dir, 'data')
    if (!mountDiskOn(disk, 'size=1m')) return context.skip(mayNotMount)
    onTestFinished(() => unmountDisk(disk))
    await site.redis.start()
    await untilGreen(site)
    await fillUp(join(disk, 'ballast'))
    await walk(site, 'REDIS_AOF_BROKEN', () => rm(join(disk, 'ballast')))
  })

  it('when a second intake runs on the same Redis', async () => {
    const site = await startGreen()
    const dir = await mkdtemp(join(tmpdir(), 'tumen-second-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const second = new Unit('src/server/main.ts', {
      ...site.env,
      TUMEN_LISTEN: `unix:${join(dir, 'intake.sock')}`,
      TUMEN_DATA_DIR: join(dir, 'var'),
    })
    second.start()
    onTestFinished(() => second.kill())
    await second.untilReady()
    await walk(site, 'SEVERAL_INTAKES', () => second.stop())
  })

  it('when a second worker runs on the same Redis', async () => {
    const site = await startGreen()
    const dir = await mkdtemp(join(tmpdir(), 'tumen-second-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const second = new Unit('workers/main.ts', { ...site.env, TUMEN_DATA_DIR: join(dir, 'var') })
    second.start()
    onTestFinished(() => second.kill())
    await second.untilReady()
    await walk(site, 'SEVERAL_WORKERS', () => second.stop())
  })

  it('when the worker stands still and tips wait', async () => {
    const site = await startGreen()
    site.worker.signal('SIGSTOP')
    const sent = rawPost(makeEnvelope().bytes)
    expect(await ask(site.socket, sent)).toMatchObject({ status: 201 })
    await walk(site, 'SPOOL_NOT_DRAINED', () => restart(site.worker))
  })

  it('when the worker takes no job, although its heartbeat continues', async () => {
    const loop = join(import.meta.dirname, 'loop-that-ends.mjs')
    const options = `${process.env.NODE_OPTIONS ?? ''} --import=${JSON.stringify(loop)}`
    const site = await startGreen({ env: { NODE_OPTIONS: options } })
    site.worker.signal('SIGUSR2')
    // The loop ends after the job that it is already waiting for.
    await storeOne(site)
    const sent = rawPost(makeEnvelope().bytes)
    expect(await ask(site.socket, sent)).toMatchObject({ status: 201 })
    await walk(site, 'JOBS_NOT_TAKEN', () => restart(site.worker))
  })

  it('when an upload stands still, and its source continues', async () => {
    const site = await startGreen()
    const { bytes } = makeEnvelope(500_000)
    const path = uploadPath(await ask(site.socket, tusCreate(bytes)))
    const half = bytes.length >> 1
    expect(await ask(site.socket, tusPatch(path, 0, bytes.subarray(0, half)))).toMatchObject({
      status: 204,
    })
    await walk(site, 'UPLOAD_STUCK', async () =>
      expect(await ask(site.socket, tusPatch(path, half, bytes.subarray(half)))).toMatchObject({
        status: 204,
      }),
    )
  })

  it.each([
    ['was changed', (ledger: string) => writeFile(ledger, '{"seq":2}\n', { flag: 'a' })],
    ['is gone from its end', (ledger: string) => writeFile(ledger, '')],
  ])('when a line of the ledger %s', async (_, damage) => {
    const site = await startGreen()
    const { bytes, receipt } = makeEnvelope()
    expect(await ask(site.socket, rawPost(bytes))).toMatchObject({ status: 201 })
    const ledger = join(site.dataDir, 'ledger.jsonl')
    const hasLine = async () => (await readFile(ledger, 'utf8').catch(() => '')).includes(receipt)
    await expect.poll(hasLine).toBe(true)
    await site.worker.stop()
    await damage(ledger)
    // A broken chain keeps the worker from starting; with lost lines it continues.
    site.worker.start()
    await site.worker.untilReady().catch(() => {})
    await walk(site, 'LEDGER_BROKEN', async () => {
      await site.worker.stop()
      const evidence = join(site.deskDir, 'evidence')
      await mkdir(evidence)
      await rename(ledger, join(evidence, 'ledger.jsonl'))
      await rename(join(site.dataDir, 'ledger'), join(evidence, 'ledger')).catch(() => {})
      await restart(site.worker)
    })
    // The worker writes the lines of the stored envelopes beside its other work.
    await expect.poll(hasLine).toBe(true)
  })

  it('when an envelope is gone from the vault, with the last backup', async () => {
    const site = await startGreen()
    const { path } = await storeOne(site)
    const env = { TUMEN_DATA_DIR: site.dataDir, TUMEN_KEYS_DIR: site.keysDir }
    const backup = async () => await runTumen(site.deskDir, ['backup', 'backups'], env)
    expect(await backup()).toMatchObject({ status: 0 })
    await rm(path)
    await walk(site, 'ENVELOPES_MISSING', async () => {
      await site.worker.stop()
      expect(await backup()).toMatchObject({ status: 0 })
      const [, newest = ''] = (await readdir(join(site.deskDir, 'backups'))).sort()
      const from = ['sealed', 'collected'].map((name) =>
        join(site.deskDir, 'backups', newest, name),
      )
      expect(spawnSync('cp', ['-an', ...from, `${site.dataDir}/`]).status).toBe(0)
      await restart(site.worker)
    })
  })

  it('when an envelope is in the vault without a line, with a restart of the worker', async () => {
    const site = await startGreen()
    const { path } = await storeOne(site)
    const { bytes, receipt } = makeEnvelope()
    await writeFile(join(dirname(path), `${receipt}.age`), bytes)
    await walk(site, 'ENVELOPES_UNKNOWN', () => restart(site.worker))
  })

  it.each([
    ['KEYRING_INVALID', 'keyring.json', 'tumen keyring verify'],
    ['ORGANISATION_INVALID', 'organisation.json', 'tumen keyring verify'],
  ])('after %s, with the reason, the signed file and a restart', async (code, name) => {
    const site = await startGreen()
    const path = join(site.keysDir, name)
    const signed = await readFile(path)
    await writeFile(path, Buffer.concat([signed, Buffer.from(' ')]))
    await walk(site, code, async () => {
      const { status, stderr, stdout } = await runTumen(site.deskDir, ['keyring', 'verify'], {
        TUMEN_KEYS_DIR: site.keysDir,
      })
      expect(status).toBe(1)
      expect(stdout + stderr).toContain(name)
      await writeFile(path, signed)
      await restart(site.intake)
    })
  })

  it('after ORGANISATION_MISSING, with both files and a restart', async () => {
    const site = await startGreen()
    const paths = ['organisation.json', 'organisation.json.minisig'].map((name) =>
      join(site.keysDir, name),
    )
    const signed = await Promise.all(paths.map((path) => readFile(path)))
    for (const path of paths) await rm(path)
    await walk(site, 'ORGANISATION_MISSING', async () => {
      for (const [at, path] of paths.entries()) await writeFile(path, signed[at] ?? '')
      await restart(site.intake)
    })
  })

  it.each([
    ['KEYRING_EXPIRED', -1],
    ['KEYRING_SHOULD_HAVE_ROTATED', 13],
    ['KEYRING_EXPIRES_SOON', 29],
  ])('after %s, with the keyring of a new ceremony', async (code, daysLeft) => {
    const site = await startGreen()
    await replaceKeyring(site, daysLeft)
    await walk(site, code, async () => {
      await replaceKeyring(site, demoDays)
      await restart(site.intake)
    })
  })

  it('when the onion leads to a demo keyring, with the keyring of a ceremony', async () => {
    const site = await startGreen()
    const { status } = await ask(site.socket, { ...pageGet, headers: { host: 'x.onion' } })
    expect(status).toBe(200)
    await walk(site, 'KEYRING_DEMO', async () => {
      const path = join(site.keysDir, 'keyring.json')
      const keyring = JSON.parse(await readFile(path, 'utf8')) as object
      await signAsRoot(site, path, Buffer.from(JSON.stringify({ ...keyring, demo: false })))
      await restart(site.intake)
    })
    // A real keyring may be asked for under any name.
    await ask(site.socket, { ...pageGet, headers: { host: 'x.onion' } })
    await untilGreen(site)
  })

  it.each([
    ['REPLIES_INDEX_OLD', { day: addDays(today, -20) }],
    ['KEYRING_NOT_CONFIRMED', { other: { sha256: 'a'.repeat(64), issued: addDays(today, -1) } }],
  ])('after %s, with the stick of one more trip', async (code, first) => {
    const site = await startGreen()
    await putIndex(join(site.dataDir, 'replies'), site, { seq: 1, ...first })
    await walk(site, code, async () => {
      await putIndex(join(site.deskDir, 'stick', 'replies'), site, { seq: 2 })
      expect(await tumen(site, ['acknowledge', join(site.deskDir, 'stick')])).toMatch(/taken in/)
    })
  })

  it('when the keyring is older than the confirmed one, with that one and a restart', async () => {
    const site = await startGreen()
    const path = join(site.keysDir, 'keyring.json')
    const served = await readFile(path)
    // The keyring of the last ceremony, which the desk has and the server has not.
    const newest = Buffer.concat([served, Buffer.from('\n')])
    const other = { sha256: sha256(newest), older: [sha256(served)] }
    await putIndex(join(site.dataDir, 'replies'), site, { seq: 1, other })
    await walk(site, 'KEYRING_REPLAYED', async () => {
      await signAsRoot(site, path, newest)
      await restart(site.intake)
    })
  })

  it('when a service for notes is down, with the next note after it is back', async () => {
    const service = createServer((request, response) => {
      request.resume().on('end', () => response.end())
    })
    const listen = async (port: number): Promise<void> =>
      void (await once(service.listen(port, '127.0.0.1'), 'listening'))
    onTestFinished(() => void service.close())
    await listen(0)
    const { port } = service.address() as AddressInfo
    const settings = loadSettings({ TUMEN_NOTIFY_WEBHOOK: `http://127.0.0.1:${port}/hook` })
    const site = await startGreen({
      ops: {
        startNotify: (read) =>
          startNotify({
            read,
            channels: channelsOf(settings),
            cadenceMs: 1_000,
            gatherMs: 0,
            clock: systemClock,
          }),
      },
    })
    service.close()
    await walk(site, 'NOTIFY_FAILED', () => listen(port))
  })

  it('when the public address does not answer', async () => {
    const site = await startGreen({ hasCanary: true })
    await rename(site.socket, `${site.socket}.away`)
    await walk(site, 'CANARY_BLOCKED', () => rename(`${site.socket}.away`, site.socket))
  })

  it('when a canary is late because the worker stands still', async () => {
    const monotonicMs = performance.now.bind(performance)
    const site = await startGreen({
      hasCanary: true,
      canaryPatienceMs: 600_000,
      // Only the canary's time moves on: nobody sets the clock.
      ops: { seams: { monotonicMs } },
    })
    site.worker.signal('SIGSTOP')
    await expect.poll(() => readdir(join(site.dataDir, 'incoming')), patience).not.toEqual([])
    vi.spyOn(performance, 'now').mockImplementation(() => monotonicMs() + lateMs)
    onTestFinished(() => void vi.restoreAllMocks())
    await walk(site, 'CANARY_LATE', () => restart(site.worker))
  })

  it('when the data folder was moved away, and no receipt is given meanwhile', async () => {
    const site = await startGreen()
    const { path } = await storeOne(site)
    const away = `${site.dataDir}.away`
    await rename(site.dataDir, away)
    const { bytes, receipt } = makeEnvelope()
    await walk(site, 'DATA_DIR_REPLACED', async () => {
      expect(await ask(site.socket, rawPost(bytes))).toMatchObject({ status: 503 })
      const known = { method: 'GET', path: `/receipts/${basename(path, '.age')}` }
      expect(await ask(site.socket, known)).toMatchObject({ status: 503 })
      // Nobody makes an empty folder, which would look like a new start.
      await expect(readdir(site.dataDir)).rejects.toThrow('ENOENT')
      await rename(away, site.dataDir)
    })
    expect(await ask(site.socket, rawPost(bytes))).toMatchObject({ status: 201 })
    await expect
      .poll(() => readdir(join(site.dataDir, 'sealed')))
      .toEqual(expect.arrayContaining([`${receipt}.age`, basename(path)]))
  })

  it('when the data folder was replaced by a copy, after a new start of everything', async () => {
    const site = await startGreen()
    await storeOne(site)
    const away = `${site.dataDir}.away`
    await rename(site.dataDir, away)
    await cp(away, site.dataDir, { recursive: true, preserveTimestamps: true })
    expect(await ask(site.socket, rawPost(makeEnvelope().bytes))).toMatchObject({ status: 503 })
    await site.untilTold('DATA_DIR_REPLACED')
    for (const unit of [site.intake, site.worker]) await restart(unit)
    await storeOne(site)
    const lines = (await readFile(join(site.dataDir, 'ledger.jsonl'), 'utf8')).trimEnd()
    expect(lines.split('\n')).toHaveLength(2)
  })

  it('when the data folder cannot be read', async () => {
    const site = await startGreen()
    await rename(join(site.dataDir, 'sealed'), join(site.dataDir, 'sealed.away'))
    await writeFile(join(site.dataDir, 'sealed'), 'no folder')
    await walk(site, 'STORE_UNREADABLE', async () => {
      await rm(join(site.dataDir, 'sealed'))
      await rename(join(site.dataDir, 'sealed.away'), join(site.dataDir, 'sealed'))
    })
  })
})
