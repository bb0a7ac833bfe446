import { readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { formatAcknowledgement, signAcknowledgement } from '../../src/carry/acknowledgement.ts'
import { parseSecretKey } from '../../src/keyring/minisign.ts'
import { readHeartbeats } from '../../src/queue/heartbeat.ts'
import { QUEUE_PREFIX, STORE_QUEUE } from '../../src/queue/store-queue.ts'
import { dayOfInstant } from '../../src/time/day.ts'
import { readMark } from '../../src/store/marks.ts'
import { Unit } from '../faults/site.ts'
import { sha256 } from './envelopes.ts'
import { runToEnd, useWorkerSite } from './worker-site.ts'
import { eventually } from '../support/eventually.ts'

const place = useWorkerSite()

describe('the worker process', () => {
  it('stores what was in the spool before it started, sends heartbeats, and ends with 0', async () => {
    await place.spool(20)
    place.site.worker.start()
    await place.site.worker.untilReady()
    await place.untilSealed(20)
    expect(await readHeartbeats(place.site.redis.client())).toMatchObject([
      { role: 'worker', draining: false },
    ])
    expect(await place.site.worker.stop()).toBe(0)
    expect(place.site.worker.log).toBe('')
  })

  it('takes jobs again from a queue that somebody has paused in Redis', async () => {
    const paused = new Queue(STORE_QUEUE, {
      connection: place.site.redis.client(),
      prefix: QUEUE_PREFIX,
    })
    await paused.pause()
    place.site.worker.start()
    await place.site.worker.untilReady()
    await eventually(async () => expect(await paused.isPaused()).toBe(false))
    await paused.close()
  })

  it('says in words, without a trace, that its data folder cannot be used', async () => {
    const file = join(place.site.deskDir, 'no-folder')
    await writeFile(file, '')
    const worker = new Unit('workers/main.ts', { ...place.site.env, TUMEN_DATA_DIR: file })
    expect(await runToEnd(worker)).toEqual({
      status: 1,
      log: 'worker: could not start: the data folder failed (ENOTDIR): check its owner, its rights and the disk\n',
    })
  })

  it('starts, stores and ends without Redis', async () => {
    await place.site.redis.kill()
    await place.spool(5)
    place.site.worker.start()
    await place.site.worker.untilReady()
    await place.untilSealed(5)
    expect(await place.site.worker.stop()).toBe(0)
  })

  it('leaves no time and no receipt in Redis some seconds after the last tip', async () => {
    place.site.worker.start()
    await place.site.worker.untilReady()
    const receipts = await place.spool(10)
    await place.untilSealed(10)
    const client = place.site.redis.client()
    await eventually(
      async () => {
        const keys = await client.keys('*')
        expect(
          keys.filter(
            (key) => !/:(id|meta|stalled-check|marker)$|:heartbeat:|:count:starts:/.test(key),
          ),
        ).toEqual([])
        expect(receipts.some((receipt) => keys.join().includes(receipt))).toBe(false)
      },
      { interval: 100 },
    )
  })

  it('collects what the desk has acknowledged, with the current keyring', async () => {
    const receipts = await place.spool(3)
    place.site.worker.start()
    await place.site.worker.untilReady()
    await place.untilSealed(3)
    const key = parseSecretKey(await readFile(join(place.site.deskDir, 'demo', 'desk.key'), 'utf8'))
    const acknowledgement = { day: dayOfInstant(new Date()), receipts: receipts.slice(1) }
    const bytes = formatAcknowledgement(acknowledgement)
    const path = join(place.site.dataDir, 'acknowledgements', `${sha256(bytes)}.json`)
    await writeFile(`${path}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
    await writeFile(path, bytes)
    await eventually(
      async () => expect(await place.inFolder('acknowledgements')).toEqual(['refused', 'replies']),
      { interval: 50 },
    )
    expect((await place.inFolder('collected')).sort()).toEqual(
      acknowledgement.receipts.map((receipt) => `${receipt}.age`).sort(),
    )
    expect(await place.inFolder('acknowledgements/refused')).toEqual([])
    await eventually(async () =>
      expect(await readMark('acknowledged', place.site.dataDir)).not.toBeNull(),
    )
    expect(place.site.worker.log).toBe('')
  })
})

describe('when it cannot work', () => {
  it('ends with 1 on a broken ledger, says which line and the way out, and changes nothing', async () => {
    await writeFile(join(place.site.dataDir, 'ledger.jsonl'), 'nonsense\n')
    const [receipt = ''] = await place.spool(1)
    const { status, log } = await runToEnd(place.site.worker)
    expect({ status, log }).toMatchObject({
      status: 1,
      log: expect.stringContaining('line 1 does not follow'),
    })
    expect(await readFile(join(place.site.dataDir, 'ledger.jsonl'), 'utf8')).toBe('nonsense\n')
    expect(await place.inFolder('incoming')).toEqual([`${receipt}.age`])
  })

  it('ends with 2 on the ledger of a newer version, whatever is in it, and changes nothing', async () => {
    await writeFile(
      join(place.site.dataDir, 'format.json'),
      '{"format":"tumen-data","version":9,"oldestReader":9}\n',
    )
    await writeFile(join(place.site.dataDir, 'ledger.jsonl'), 'a newer kind of line\n')
    const { status, log } = await runToEnd(place.site.worker)
    expect({ status, log }).toMatchObject({
      status: 2,
      log: expect.stringContaining('written by a newer Tumen'),
    })
    expect(readdirSync(place.site.dataDir)).not.toContain('ledger')
  })

  it('ends with 1 while a restore fills the folder, to be started again, and changes nothing', async () => {
    const before = readdirSync(place.site.dataDir)
    await mkdir(join(place.site.dataDir, '.restoring'))
    const { status, log } = await runToEnd(place.site.worker)
    expect({ status, log }).toMatchObject({
      status: 1,
      log: expect.stringContaining('a restore into'),
    })
    expect(readdirSync(place.site.dataDir).toSorted()).toEqual([...before, '.restoring'].toSorted())
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
