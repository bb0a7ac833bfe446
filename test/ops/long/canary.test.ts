import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CanaryNotes } from '../../../src/canary/notes.ts'
import type { CanaryParts } from '../../../src/ops/canary/run-canary.ts'
import { runCanary } from '../../../src/ops/canary/run-canary.ts'
import { hideFromQueue, hideFromStore } from '../../../src/ops/canary/hide.ts'
import { startCanary } from '../../../src/ops/canary/start.ts'
import { readCounters } from '../../../src/queue/counters.ts'
import { openStoreQueue } from '../../../src/queue/store-queue.ts'
import { openFsStore } from '../../../src/store/fs-store.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { startFakeSocksProxy } from '../../cli/support/fake-intake.ts'
import { openSite, type Site } from '../../faults/site.ts'
import { startIntake } from '../../server/harness.ts'
import { sha256 } from '../../support/sealed.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { freePort, until } from '../../supervise/start.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { makeCanaryParts } from '../canary/parts.ts'

let site: Site
let port: number
let keysDir: string
const tips: string[] = []
const never = new AbortController().signal

beforeAll(async () => {
  port = await freePort()
  site = await openSite({ env: { TUMEN_LISTEN: `127.0.0.1:${port}` } })
  keysDir = join(dirname(site.deskDir), 'keys')
  for (const unit of [site.intake, site.worker]) unit.start()
  for (const unit of [site.intake, site.worker]) await unit.untilReady()
}, 120_000)
afterAll(() => site.dispose())

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(site.dataDir, folder)).catch(() => [])).sort()
const makeParts = (more: Partial<CanaryParts> = {}) =>
  makeCanaryParts(
    { dataDir: site.dataDir, keysDir, address: { listen: { host: '127.0.0.1', port } } },
    more,
  )

/** Sends a tip that stays in the vault while canaries come and go. */
async function sendTip(): Promise<void> {
  const { bytes, receipt } = makeEnvelope(70_000)
  const answer = await fetch(`http://127.0.0.1:${port}/submissions`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
  })
  expect(answer.status).toBe(201)
  tips.push(receipt)
}

/** Waits until every canary is gone, and expects only the tips in the folders and in the ledger. */
async function expectOnlyTips(): Promise<void> {
  const wanted = tips.map((receipt) => `${receipt}.age`).sort()
  await until(
    async () => (await filesIn('canary')).length === 0,
    () => 'the notes to go',
    60_000,
  )
  await until(
    async () =>
      (await filesIn('sealed')).length === wanted.length &&
      (await filesIn('incoming')).length === 0,
    () => 'the vault to settle',
    60_000,
  )
  expect([
    await filesIn('sealed'),
    await filesIn('collected'),
    await filesIn('quarantine'),
  ]).toEqual([wanted, [], []])
  await until(
    async () => (await readLines()).length >= tips.length,
    () => 'the ledger to follow',
  )
  expect((await readLines()).map(({ event, receipt }) => `${event} ${receipt}`).sort()).toEqual(
    tips.map((receipt) => `stored ${receipt}`).sort(),
  )
}

async function readLines(): Promise<{ event: string; receipt: string }[]> {
  const text = await readFile(join(site.dataDir, 'ledger.jsonl'), 'utf8')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event: string; receipt: string })
}

describe('a canary', { timeout: 120_000 }, () => {
  it.each(['post', 'tus'] as const)(
    'by %s goes all the way and is gone, and a tip beside it is not touched',
    async (method) => {
      await sendTip()
      const steps: string[] = []
      const seen: string[][] = []
      const parts = await makeParts({ method: () => method })
      const store = await openFsStore({
        dir: site.dataDir,
        instance: 'ops-hidden',
        reserveBytes: 0,
        clock: systemClock,
      })
      const hidden = hideFromStore(store, parts.notes)
      await runCanary(
        {
          ...parts,
          async onStep(step) {
            steps.push(step)
            if (step !== 'opened') return
            for (const listed of [store, hidden]) {
              const receipts: string[] = []
              for await (const entry of listed.list('sealed')) receipts.push(entry.receipt)
              seen.push(receipts)
            }
          },
        },
        never,
      )
      expect(steps).toEqual(['sealed', 'noted', 'sent', 'stored', 'opened', 'finished'])
      // The canary was in the vault, but in none of the published counts.
      expect(seen[0]).toHaveLength(tips.length + 1)
      expect(seen[1]).toHaveLength(tips.length)
      await expectOnlyTips()
      expect((await filesIn('uploads')).filter((name) => name !== 'boot')).toEqual([])
    },
  )

  it('does not raise the count of tips sealed to an old keyring', async () => {
    const count = async () => (await readCounters(site.redis.client())).oldKeyring
    expect(await count()).toBe(0)
    const { bytes, receipt } = makeEnvelope(100)
    tips.push(receipt)
    const body = new FormData()
    body.set('keyring', 'f'.repeat(64))
    body.set('envelope', new Blob([Uint8Array.from(bytes)]), 'tip.age')
    // Control: a tip that says so is counted.
    await fetch(`http://127.0.0.1:${port}/submissions`, { method: 'POST', body })
    await expect.poll(count).toBe(1)
  })

  it('fails while the worker stands still, is in no count, and arrives again afterwards', async () => {
    await sendTip()
    const parts = await makeParts({ patienceMs: 1_000 })
    const queue = openStoreQueue(site.redis.client())
    await expectOnlyTips()
    site.worker.signal('SIGSTOP')
    const canary = await startCanary({ ...parts, intervalMs: 1_000 }, parts.notes)
    await until(
      () => canary.status().state === 'failed',
      () => 'a failure',
      60_000,
    )
    expect(canary.status().undelivered).toBeGreaterThan(0)
    expect((await queue.counts()).waiting).toBeGreaterThan(0)
    expect((await hideFromQueue(queue, parts.notes).counts()).waiting).toBe(0)
    site.worker.signal('SIGCONT')
    await until(
      () => canary.status().state === 'ok',
      () => 'recovery',
      90_000,
    )
    expect(canary.status()).toMatchObject({
      latencyBand: expect.stringContaining('under') as string,
    })
    await canary.stop()
    await queue.close()
    await expectOnlyTips()
  })

  it('goes through the proxy to the onion, on circuits of its own, and nowhere else', async () => {
    const proxy = await startFakeSocksProxy(port)
    const host = `${'a'.repeat(56)}.onion`
    const address = {
      listen: { host: '127.0.0.1', port: 1 },
      onionAddress: { host, port: 80 },
      torSocks: { host: '127.0.0.1', port: proxy.port },
    }
    const parts = await makeCanaryParts({ dataDir: site.dataDir, keysDir, address })
    for (const method of ['post', 'tus'] as const)
      await runCanary({ ...parts, method: () => method }, never)
    expect(new Set(proxy.asked.map((asked) => JSON.stringify(asked)))).toEqual(
      new Set([JSON.stringify({ type: 3, address: host, port: 80 })]),
    )
    expect(proxy.carriedBytes()).toBeGreaterThan(2 * 65_536)
    await expectOnlyTips()
  })

  it('uses the socket that tor shares, to the onion that tor names, as soon as it has a name', async () => {
    const torDir = await makeTempDir()
    const proxy = await startFakeSocksProxy(port, 0, join(torDir, 'socks'))
    const names = ['b', 'c'].map((letter) => `${letter.repeat(56)}.onion`)
    const parts = await makeCanaryParts({
      dataDir: site.dataDir,
      keysDir,
      address: { listen: { host: '127.0.0.1', port: 1 }, torDir },
    })
    await expect(runCanary(parts, never)).rejects.toMatchObject({ code: 'UNSENT' })
    for (const name of names) {
      await writeFile(join(torDir, 'tips.onion'), `${name}\n`)
      await runCanary(parts, never)
    }
    expect([...new Set(proxy.asked.map(({ address }) => address))]).toEqual(names)
    await expectOnlyTips()
  })

  it('goes where the settings say before it goes where tor says', async () => {
    const torDir = await makeTempDir()
    await writeFile(join(torDir, 'tips.onion'), `${'b'.repeat(56)}.onion\n`)
    const proxy = await startFakeSocksProxy(port)
    const host = `${'a'.repeat(56)}.onion`
    const address = {
      listen: { host: '127.0.0.1', port: 1 },
      torDir,
      onionAddress: { host, port: 81 },
      torSocks: { host: '127.0.0.1', port: proxy.port },
    }
    await runCanary(await makeCanaryParts({ dataDir: site.dataDir, keysDir, address }), never)
    expect(new Set(proxy.asked.map((asked) => `${asked.address}:${asked.port}`))).toEqual(
      new Set([`${host}:81`]),
    )
    await expectOnlyTips()
  })

  it('is not sent without a proxy, and leaves no note', async () => {
    const address = {
      listen: { host: '127.0.0.1', port },
      onionAddress: { host: `${'a'.repeat(56)}.onion`, port: 80 },
      torSocks: { host: '127.0.0.1', port: await freePort() },
    }
    const parts = await makeCanaryParts({ dataDir: site.dataDir, keysDir, address })
    await expect(runCanary(parts, never)).rejects.toMatchObject({ code: 'UNSENT' })
    await expectOnlyTips()
  })

  describe('when the intake is not honest', () => {
    let server: Server
    let answer: (path: string) => { status: number; body: string | Buffer } | null
    beforeAll(async () => {
      const files = new Map<string, Buffer>()
      for (const name of ['keyring.json', 'keyring.json.minisig'])
        files.set(`/${name}`, await readFile(join(keysDir, name)))
      server = createServer((request, response) => {
        const path = request.url ?? ''
        request.resume().on('end', () => {
          const { status, body } = answer(path) ?? { status: 200, body: files.get(path) ?? '' }
          response
            .writeHead(status, {
              location: '/uploads/x',
              'tumen-receipt': status === 204 ? String(body) : '',
            })
            .end(status === 204 ? undefined : body)
        })
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
    })
    afterAll(() => new Promise((resolve) => server.close(resolve)))
    const atServer = () =>
      makeCanaryParts({
        dataDir: site.dataDir,
        keysDir,
        address: { listen: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } },
      })

    it.each(['post', 'tus'] as const)('a receipt of a tip moves nothing (%s)', async (method) => {
      const receipt = tips[0] ?? ''
      answer = (path) =>
        path === '/submissions'
          ? { status: 201, body: JSON.stringify({ receipt }) }
          : path === '/uploads'
            ? { status: 201, body: '' }
            : path === '/uploads/x'
              ? { status: 204, body: receipt }
              : null
      const parts = await atServer()
      await expect(runCanary({ ...parts, method: () => method }, never)).rejects.toMatchObject({
        code: 'WRONG_RECEIPT',
      })
      for (const { receipt: noted } of await parts.notes.list()) {
        expect(tips).not.toContain(noted)
        await parts.notes.forget(noted)
      }
      await expectOnlyTips()
    })

    it('a state that is not so is found out in the vault', async () => {
      let sent = Buffer.alloc(0)
      const parts = await atServer()
      answer = (path) =>
        path.startsWith('/receipts/') ? { status: 200, body: '{"state":"stored"}\n' } : null
      const { newVisitor } = parts
      await expect(
        runCanary(
          {
            ...parts,
            method: () => 'post',
            newVisitor: () => async (request) => {
              if (request.path !== '/submissions') return await newVisitor()(request)
              sent = Buffer.from(request.body ?? [])
              return {
                status: 201,
                header: () => null,
                body: Buffer.from(JSON.stringify({ receipt: sha256(sent) })),
              }
            },
          },
          never,
        ),
      ).rejects.toMatchObject({ code: 'UNOPENED' })
      await parts.notes.forget(sha256(sent))
      await expectOnlyTips()
    })

    it.each([
      ['a keyring that the root did not sign', '/keyring.json', 200, '{}', 'REFUSED'],
      ['no keyring', '/keyring.json', 503, '', 'REFUSED'],
      ['a refusal for good', '/submissions', 415, '', 'REFUSED'],
      ['a full disk', '/submissions', 507, '', 'NOT_NOW'],
      ['a broken request', '/submissions', 400, '{"code":"ABORTED"}', 'NOT_NOW'],
    ])('%s: %s is answered with %i %s and ends the canary with %s', async (...row) => {
      const [, path, status, body, code] = row
      answer = (asked) => (asked === path ? { status, body } : null)
      await expect(
        runCanary({ ...(await atServer()), method: () => 'post' }, never),
      ).rejects.toMatchObject({ code })
      await expectOnlyTips()
    })
  })

  it('is refused once the keyring has expired', async () => {
    const intake = await startIntake()
    intake.close()
    const parts = await makeCanaryParts({
      dataDir: site.dataDir,
      keysDir,
      address: { listen: { host: '127.0.0.1', port: intake.port } },
    })
    await expect(runCanary(parts, never)).rejects.toMatchObject({ code: 'REFUSED' })
    await intake.stop()
  })

  it('is failed, and no reason for ops to end, when its folder cannot be made', async () => {
    const dataDir = join(site.dataDir, 'elsewhere')
    const parts = await makeParts()
    await writeFile(dataDir, '')
    const canary = await startCanary(
      { ...parts, notes: new CanaryNotes(dataDir), intervalMs: 50 },
      new CanaryNotes(dataDir),
    )
    await until(
      () => canary.status().state === 'failed',
      () => 'a failure',
      30_000,
    )
    await canary.stop()
    await rm(dataDir)
  })

  it('does not change the way of a tip', async () => {
    await sendTip()
    await expectOnlyTips()
    expect(site.worker.log + site.intake.log).toBe('')
  })
})
