import { once } from 'node:events'
import { globSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Unit } from '../faults/site.ts'
import { sendEnvelope } from '../faults/source.ts'
import {
  fillUp,
  mayNotMount,
  mountDiskOn,
  mountSmallDisk,
  unmountDisk,
} from '../support/small-disk.ts'
import { makeEnvelope } from '../workers/envelopes.ts'
import { openWatchedSite, replaceKeyring, scrapeMs, type WatchedSite } from './watched-site.ts'
import { eventually } from '../support/eventually.ts'

async function startWell(
  options: Parameters<typeof openWatchedSite>[0] = {},
): Promise<WatchedSite> {
  const site = await openWatchedSite(options)
  await site.untilTold('WORKER_MISSING', { isGone: true })
  await site.untilTold('INTAKE_MISSING', { isGone: true })
  expect(await site.codes()).toEqual([])
  return site
}

describe('ops, within two scrapes,', { timeout: 120_000 }, () => {
  it('reports a killed worker until it is back', async () => {
    const site = await startWell()
    await site.worker.kill()
    await site.untilTold('WORKER_MISSING')
    site.worker.start()
    await site.untilTold('WORKER_MISSING', { isGone: true })
  })

  it('reports an intake that stops as draining while an upload is open, then as missing', async () => {
    const site = await startWell()
    const slow = request({
      socketPath: site.socket,
      method: 'POST',
      path: '/submissions',
      headers: { 'content-type': 'application/octet-stream', 'content-length': 2_000_000 },
    })
    slow.on('error', () => {})
    // Larger than the buffer in memory, which must be full before the first byte is written to the
    // disk.
    slow.write(makeEnvelope(900_000).bytes)
    await eventually(async () => expect(await readdir(join(site.dataDir, 'tmp'))).not.toEqual([]))
    const stopping = site.intake.stop()
    await site.untilTold('INTAKE_DRAINING')
    slow.destroy()
    expect(await stopping).toBe(0)
    await site.untilTold('INTAKE_MISSING')
  })

  it('reports a killed Redis', async () => {
    const site = await startWell()
    await site.redis.kill()
    await site.untilTold('REDIS_UNREACHABLE')
    expect(await site.codes()).toEqual(['REDIS_UNREACHABLE'])
    await site.redis.start()
    await site.untilTold('REDIS_UNREACHABLE', { isGone: true })
  })

  it('reports a Redis that became a replica, or lacks its own replica', async () => {
    const site = await startWell()
    const client = site.redis.client()
    await client.replicaof('127.0.0.1', '1')
    await site.untilTold('REDIS_READ_ONLY')
    expect(await site.codes()).toEqual(['REDIS_READ_ONLY'])
    await client.replicaof('NO', 'ONE')
    await site.untilTold('REDIS_READ_ONLY', { isGone: true })
    await client.config('SET', 'min-replicas-to-write', '1')
    await site.untilTold('REDIS_READ_ONLY')
  })

  it('reports an append-only file that cannot be written until there is space again', async (context) => {
    const site = await startWell()
    await site.redis.kill()
    const disk = join(site.redis.dir, 'data')
    if (!mountDiskOn(disk, 'size=1m')) return context.skip(mayNotMount)
    onTestFinished(() => unmountDisk(disk))
    await site.redis.start()
    await site.untilTold('REDIS_UNREACHABLE', { isGone: true })
    await fillUp(join(disk, 'ballast'))
    await site.untilTold('REDIS_AOF_BROKEN')
    expect(await site.codes()).toEqual(['REDIS_AOF_BROKEN'])
    await rm(join(disk, 'ballast'))
    await site.untilTold('REDIS_AOF_BROKEN', { isGone: true })
  })

  it('reports an append-only file that cannot be rewritten', async () => {
    const site = await startWell()
    const folder = join(site.redis.dir, 'data', 'appendonlydir')
    // Root may write anywhere, so the path is blocked by a file instead.
    await rm(folder, { recursive: true })
    await writeFile(folder, 'in the way')
    await site.redis
      .client()
      .bgrewriteaof()
      .catch(() => {})
    await site.untilTold('REDIS_AOF_REWRITE_FAILED')
  })

  it('reports a disk filled to 95 %, and one filled to the last byte', async (context) => {
    const disk = await mountSmallDisk('size=12m', 'a disk that is nearly full, and full')
    if (disk === null) return context.skip(mayNotMount)
    onTestFinished(() => disk.unmount())
    const site = await startWell({ dataDir: join(disk.dir, 'var') })
    await writeFile(join(disk.dir, 'ballast'), Buffer.alloc(11.6 * 1024 * 1024))
    await site.untilTold('DISK_NEARLY_FULL')
    expect(await site.codes()).toEqual(['DISK_NEARLY_FULL'])
    await fillUp(join(disk.dir, 'more'))
    await site.untilTold('DISK_FULL')
    await rm(join(disk.dir, 'ballast'))
    await site.untilTold('DISK_FULL', { isGone: true })
    await site.untilTold('DISK_NEARLY_FULL', { isGone: true })
  })

  it('reports a dead letter', async () => {
    const site = await startWell()
    // The intake would refuse this file, so only a person with access to the machine can put it
    // there.
    await writeFile(join(site.dataDir, 'incoming', `${makeEnvelope().receipt}.age`), 'no envelope')
    await site.untilTold('QUARANTINE_NOT_EMPTY')
  })

  it('reports a stalled upload', async () => {
    const site = await startWell()
    const created = await post(site.socket, 600_000)
    await patch(site.socket, created, makeEnvelope(500_000).bytes.subarray(0, 300_000))
    await site.untilTold('UPLOAD_STUCK')
  })

  it('reports the tips that wait in the spool when the worker stalls', async () => {
    const site = await startWell()
    site.worker.signal('SIGSTOP')
    onTestFinished(() => site.worker.signal('SIGCONT'))
    const agent = new Agent()
    expect(
      await sendEnvelope({ socket: site.socket, agent, bytes: makeEnvelope().bytes }),
    ).toMatchObject({ status: 201 })
    agent.destroy()
    await site.untilTold('SPOOL_NOT_DRAINED')
  })

  it('reports, from the canary, an intake that runs but cannot be reached', async () => {
    const site = await startWell({ hasCanary: true })
    await rename(site.socket, `${site.socket}.away`)
    await site.untilTold('CANARY_BLOCKED')
    expect(await site.codes()).toEqual(['CANARY_BLOCKED'])
    await rename(`${site.socket}.away`, site.socket)
    await site.untilTold('CANARY_BLOCKED', { isGone: true })
  })

  it('reports a changed line of the ledger', async () => {
    const site = await startWell()
    await writeFile(join(site.dataDir, 'ledger.jsonl'), '{"seq":2}\n', { flag: 'a' })
    await site.untilTold('LEDGER_BROKEN')
  })

  it('reports a keyring that is about to expire, has expired, or is gone', async () => {
    const site = await startWell()
    for (const [daysLeft, code] of [
      [29, 'KEYRING_EXPIRES_SOON'],
      [13, 'KEYRING_SHOULD_HAVE_ROTATED'],
      [-1, 'KEYRING_EXPIRED'],
    ] as const) {
      await replaceKeyring(site, daysLeft)
      await site.untilTold(code)
    }
    await rm(join(site.keysDir, 'keyring.json.minisig'))
    await site.untilTold('KEYRING_INVALID')
  })

  it.each(['+1h', '-1h'])('reports a clock that was moved by %s', async (offset) => {
    const site = await startWell()
    const library = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0] ?? ''
    const [offsetFile, socket] = [join(site.redis.dir, 'offset'), join(site.redis.dir, 'ops.sock')]
    await writeFile(offsetFile, '+0')
    const ops = new Unit('src/ops/main.ts', {
      TUMEN_DATA_DIR: site.dataDir,
      TUMEN_KEYS_DIR: site.keysDir,
      TUMEN_REDIS_URL: site.redis.url,
      TUMEN_OPS_LISTEN: `unix:${socket}`,
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: offsetFile,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    ops.start()
    onTestFinished(() => ops.kill())
    await ops.untilReady()
    expect((await ask(socket, 'GET', '/readyz')).body).not.toContain('CLOCK_MOVED')
    await writeFile(offsetFile, offset)
    await vi.waitFor(
      async () => expect((await ask(socket, 'GET', '/readyz')).body).toContain('CLOCK_MOVED'),
      { timeout: 2 * scrapeMs, interval: 100 },
    )
  })
})

async function post(socketPath: string, bytes: number): Promise<string> {
  const { headers } = await ask(socketPath, 'POST', '/uploads', {
    'tus-resumable': '1.0.0',
    'upload-length': String(bytes),
  })
  return new URL(headers.location ?? '', 'http://localhost').pathname
}

async function patch(socketPath: string, path: string, bytes: Buffer): Promise<void> {
  const { status } = await ask(
    socketPath,
    'PATCH',
    path,
    {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': String(bytes.length),
    },
    bytes,
  )
  expect(status).toBe(204)
}

async function ask(
  socketPath: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
) {
  const asked = request({
    socketPath,
    method,
    path,
    agent: false,
    headers: { host: 'localhost', ...headers },
  }).end(body)
  const [answer] = await once(asked, 'response')
  let text = ''
  for await (const piece of answer) text += String(piece)
  return {
    status: answer.statusCode as number,
    headers: answer.headers as IncomingHttpHeaders,
    body: text,
  }
}
