import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { formatAcknowledgement, signAcknowledgement } from '../../src/carry/acknowledgement.ts'
import { parseSecretKey } from '../../src/keyring/minisign.ts'
import { readHeartbeats } from '../../src/queue/heartbeat.ts'
import { systemClock } from '../../src/time/clock.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { readMark } from '../../src/store/marks.ts'
import { openSite, type Site, Unit } from '../faults/site.ts'
import { makeEnvelope, putBlob, sha256 } from './envelopes.ts'
import { readLines } from './workplace.ts'

let site: Site
beforeEach(async () => {
  site = await openSite()
  await mkdir(site.dataDir, { recursive: true })
})
afterEach(() => site.dispose())

const inFolder = (name: string): Promise<string[]> => readdir(join(site.dataDir, name))

async function spool(count: number): Promise<string[]> {
  const store = await openFsStore({
    dir: site.dataDir,
    instance: 'test',
    reserveBytes: 0,
    clock: systemClock,
  })
  const envelopes = Array.from({ length: count }, () => makeEnvelope())
  for (const envelope of envelopes) await putBlob(store, 'incoming', envelope)
  return envelopes.map(({ receipt }) => receipt)
}

async function untilSealed(count: number): Promise<void> {
  await vi.waitFor(async () => expect(await inFolder('sealed')).toHaveLength(count), {
    timeout: 15_000,
    interval: 50,
  })
  await vi.waitFor(
    async () => expect(await readLines(join(site.dataDir, 'ledger.jsonl'))).toHaveLength(count),
    { timeout: 5000 },
  )
}

describe('the worker process', () => {
  it('stores what lay in the spool before it started, beats, and ends with 0', async () => {
    await spool(20)
    site.worker.start()
    await site.worker.untilReady()
    await untilSealed(20)
    expect(await readHeartbeats(site.redis.client())).toMatchObject([
      { role: 'worker', draining: false },
    ])
    expect(await site.worker.stop()).toBe(0)
    expect(site.worker.log).toBe('')
  })

  it('starts, stores and ends without Redis', async () => {
    await site.redis.kill()
    await spool(5)
    site.worker.start()
    await site.worker.untilReady()
    await untilSealed(5)
    expect(await site.worker.stop()).toBe(0)
  })

  it('uses Redis once it comes', async () => {
    await site.redis.kill()
    site.worker.start()
    await site.worker.untilReady()
    await site.redis.start()
    await vi.waitFor(
      async () => expect(await readHeartbeats(site.redis.client())).toHaveLength(1),
      { timeout: 8000 },
    )
    await spool(3)
    await untilSealed(3)
  })

  it('ends with 0 while Redis is frozen', async () => {
    site.worker.start()
    await site.worker.untilReady()
    await vi.waitFor(
      async () => expect(await readHeartbeats(site.redis.client())).toHaveLength(1),
      { timeout: 8000 },
    )
    site.redis.freeze()
    expect(await site.worker.stop()).toBe(0)
  })

  it('leaves no time and no receipt in Redis some seconds after the last tip', async () => {
    site.worker.start()
    await site.worker.untilReady()
    const receipts = await spool(10)
    await untilSealed(10)
    const client = site.redis.client()
    await vi.waitFor(
      async () => {
        const keys = await client.keys('*')
        expect(
          keys.filter(
            (key) => !/:(id|meta|stalled-check|marker)$|:heartbeat:|:count:starts:/.test(key),
          ),
        ).toEqual([])
        expect(receipts.some((receipt) => keys.join().includes(receipt))).toBe(false)
      },
      { timeout: 5000, interval: 100 },
    )
  })

  it('collects what the desk has acknowledged, with the keyring as it is', async () => {
    const receipts = await spool(3)
    site.worker.start()
    await site.worker.untilReady()
    await untilSealed(3)
    const key = parseSecretKey(await readFile(join(site.deskDir, 'demo', 'desk.key'), 'utf8'))
    const acknowledgement = { day: dayOfInstant(new Date()), receipts: receipts.slice(1) }
    const bytes = formatAcknowledgement(acknowledgement)
    const path = join(site.dataDir, 'acknowledgements', `${sha256(bytes)}.json`)
    await writeFile(`${path}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
    await writeFile(path, bytes)
    await vi.waitFor(async () => expect(await inFolder('acknowledgements')).toEqual(['refused']), {
      timeout: 5000,
      interval: 50,
    })
    expect((await inFolder('collected')).sort()).toEqual(
      acknowledgement.receipts.map((receipt) => `${receipt}.age`).sort(),
    )
    expect(await inFolder('acknowledgements/refused')).toEqual([])
    await vi.waitFor(
      async () => expect(await readMark('acknowledged', site.dataDir)).not.toBeNull(),
      { timeout: 5000 },
    )
    expect(site.worker.log).toBe('')
  })
})

describe('when it cannot work', () => {
  /** Starts the worker and waits for its end. @returns its exit status and its log */
  async function runToEnd(unit: Unit): Promise<{ status: number | null; log: string }> {
    unit.start()
    await expect(unit.untilReady()).rejects.toThrow('did not start')
    return { status: await unit.stop(), log: unit.log }
  }

  it.each([
    ['in the same namespaces', false],
    ['in other network and PID namespaces', true],
  ])(
    'ends with 2 when another worker %s holds the data folder, and the other one continues',
    async (_, isApart) => {
      site.worker.start()
      await site.worker.untilReady()
      const { status, log } = await runToEnd(site.secondWorker({ isApart }))
      expect({ status, log }).toMatchObject({
        status: 2,
        log: expect.stringMatching(/another worker/),
      })
      await spool(1)
      await untilSealed(1)
    },
  )

  it('starts at once after a worker in other namespaces was killed', async () => {
    const other = site.secondWorker({ isApart: true })
    other.start()
    await other.untilReady()
    await other.kill()
    site.worker.start()
    await site.worker.untilReady()
    await spool(1)
    await untilSealed(1)
  })

  it('ends with 1 on a broken ledger, says which line and the way out, and changes nothing', async () => {
    await writeFile(join(site.dataDir, 'ledger.jsonl'), 'nonsense\n')
    const [receipt = ''] = await spool(1)
    const { status, log } = await runToEnd(site.worker)
    expect({ status, log }).toMatchObject({
      status: 1,
      log: expect.stringContaining('line 1 does not follow'),
    })
    expect(await readFile(join(site.dataDir, 'ledger.jsonl'), 'utf8')).toBe('nonsense\n')
    expect(await inFolder('incoming')).toEqual([`${receipt}.age`])
  })

  it('ends with 2 on wrong settings', async () => {
    const { status, log } = await runToEnd(
      new Unit('workers/main.ts', { PATH: process.env.PATH, TUMEN_SWEEP_SECONDS: 'often' }),
    )
    expect({ status, log }).toMatchObject({
      status: 2,
      log: expect.stringContaining('TUMEN_SWEEP_SECONDS'),
    })
  })
})
