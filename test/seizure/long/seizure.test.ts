import { spawnSync } from 'node:child_process'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanUp } from '../../supervise/start.ts'
import type { TestRedis } from '../../support/redis.ts'
import { createTestRedis } from '../../support/redis.ts'
import { filesBelow, needlesIn } from '../../support/tree.ts'
import { makeEnvelope } from '../../workers/envelopes.ts'
import { search } from '../support/search.ts'
import type { Seized } from '../support/seize.ts'
import { receiptsIn, seize } from '../support/seize.ts'

/**
 * A server is stopped and seized. These tests search its disk for traces of the two hundred sources
 * who wrote to it.
 */

let seized: Seized
beforeAll(async () => {
  seized = await seize()
}, 150_000)
afterAll(cleanUp)

/** Entries of the data folder whose times may be finer than the day, each with the reason. */
const exceptions: readonly { path: RegExp; reason: string }[] = [
  { path: /^redis(\/|$)/, reason: 'Redis rewrites its log each minute and when it stops' },
  { path: /^(demo(\/.*)?|export\.key)$/, reason: 'written at the first start, before any tip' },
]

/** A time of reading before the first tip shows only when the server was started. */
function finer({ fineTimes, wanted: { window } }: Seized): string[] {
  return fineTimes
    .filter(({ path }) => !exceptions.some((exception) => exception.path.test(path)))
    .filter(({ modifiedMs, readMs }) => modifiedMs % 86_400_000 !== 0 || readMs >= window.fromMs)
    .map(({ path }) => path)
}

const at = (...parts: string[]) => join(seized.disk, ...parts)

describe('the disk of a server that was stopped', () => {
  it('contains the tips and the unfinished uploads', async () => {
    expect((await receiptsIn(seized.disk, 'sealed')).sort()).toEqual([...seized.receipts].sort())
    expect(
      (await readdir(at('var', 'uploads'))).filter((name) => name.endsWith('.part')),
    ).toHaveLength(seized.unfinished)
    expect(await filesBelow(at('var', 'redis', 'appendonlydir'))).toContainEqual(
      expect.stringMatching(/\.incr\.aof$/),
    )
  })

  it('reveals neither who wrote nor when', async () => {
    expect(await search(seized.disk, seized.wanted)).toEqual([])
  })

  it('keeps no time finer than the day', () => {
    // Redis creates its socket in the data folder at the start and removes it at the stop.
    expect(finer(seized).filter((path) => path !== '')).toEqual([])
  })

  it("names no tip in Redis' files or in a log", async () => {
    const receipts = [...seized.receipts]
    for (const path of [
      at('log'),
      ...(await filesBelow(at('var', 'redis'))).map((name) => at('var', 'redis', name)),
    ])
      expect([path, await needlesIn(path, receipts)]).toEqual([path, []])
    expect(await needlesIn(at('var', 'ledger.jsonl'), receipts)).toHaveLength(receipts.length)
  })
})

describe('the disk of a server whose Redis was killed before half of the tips came', () => {
  let redis: TestRedis
  let withoutRedis: Seized
  beforeAll(async () => {
    redis = await createTestRedis()
    withoutRedis = await seize({ redis })
  }, 150_000)
  afterAll(async () => await redis.dispose())

  it('keeps no time finer than the day', () => {
    expect(finer(withoutRedis)).toEqual([])
  })

  it('contains the tips, half of them collected', async () => {
    const { disk, receipts } = withoutRedis
    const [collected, sealed] = [
      await receiptsIn(disk, 'collected'),
      await receiptsIn(disk, 'sealed'),
    ]
    expect([collected.length, sealed.length]).toEqual([receipts.size / 2, receipts.size / 2])
    expect(new Set([...collected, ...sealed])).toEqual(receipts)
  })

  it('reveals neither who wrote nor when', async () => {
    // The time is that of the acknowledgement, in published steps, for `tumen status`.
    expect(await search(withoutRedis.disk, withoutRedis.wanted)).toEqual([
      'var/marks/acknowledged: a time of day',
    ])
  })
})

describe('the search', () => {
  it('finds one planted item of each kind', async () => {
    const copy = `${seized.disk}-copy`
    expect(spawnSync('cp', ['-a', seized.disk, copy]).status).toBe(0)
    const moment = Math.floor((seized.wanted.window.fromMs + seized.wanted.window.toMs) / 2)
    const plants = plantsOf(moment)
    for (const { path, bytes = '', mtime = new Date(0), atime = new Date(0) } of plants) {
      await mkdir(dirname(join(copy, path)), { recursive: true })
      await writeFile(join(copy, path), bytes)
      await utimes(join(copy, path), atime, mtime)
    }
    expect((await search(copy, seized.wanted)).sort()).toEqual(
      plants.flatMap(({ path, found }) => found.map((what) => `${path}: ${what}`)).sort(),
    )
  })
})

interface Plant {
  path: string
  bytes?: string | Buffer
  mtime?: Date
  atime?: Date
  found: string[]
}

function plantsOf(moment: number): Plant[] {
  const second = Math.floor(moment / 1000)
  const when = new Date(moment)
  const binary = (width: number, write: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.alloc(width + 4, 0x2e)
    write(bytes)
    return bytes
  }
  const telling: Plant[] = [
    { path: 'iso', bytes: `{"at":"${when.toISOString()}"}`, found: ['a time of day'] },
    { path: 'http-date', bytes: `Date: ${when.toUTCString()}`, found: ['a time of day'] },
    { path: 'milliseconds', bytes: `{"timestamp":${moment}}`, found: ['milliseconds as text'] },
    { path: 'seconds', bytes: `${second}`, found: ['seconds as text'] },
    { path: 'seconds with a fraction', bytes: `1,${second}.25`, found: ['seconds as text'] },
    { path: 'microseconds', bytes: `${moment}123`, found: ['milliseconds as text'] },
    {
      path: 'binary 8 little',
      bytes: binary(8, (bytes) => bytes.writeBigInt64LE(BigInt(moment), 3)),
      found: ['milliseconds in 8 bytes, little-endian'],
    },
    {
      path: 'binary 8 big',
      bytes: binary(8, (bytes) => bytes.writeBigInt64BE(BigInt(moment), 3)),
      found: ['milliseconds in 8 bytes, big-endian'],
    },
    {
      path: 'binary 4 little',
      bytes: binary(4, (bytes) => bytes.writeUInt32LE(second, 3)),
      found: ['seconds in 4 bytes, little-endian'],
    },
    {
      path: 'binary 4 big',
      bytes: binary(4, (bytes) => bytes.writeUInt32BE(second, 3)),
      found: ['seconds in 4 bytes, big-endian'],
    },
    { path: 'changed', mtime: when, found: ['its time of change'] },
    { path: 'read', atime: when, found: ['its time of reading'] },
    { path: 'address', bytes: 'from 198.51.100.9:4242', found: ['an address'] },
    {
      path: 'address of loopback',
      bytes: '127.0.0.77',
      found: ['an address', 'an address of a source'],
    },
    { path: 'circuit', bytes: 'fc00:dead:beef:4dad::7ab3:1', found: ['a circuit'] },
    { path: 'user agent', bytes: 'TellTaleBrowser/7.7', found: ['a user agent'] },
    { path: 'cookie', bytes: 'session-of-riyounghui', found: ['a cookie'] },
    { path: 'referer', bytes: 'family-forum.example', found: ['a page'] },
    { path: 'language', bytes: 'ko-KP', found: ['a language'] },
    { path: 'file name', bytes: '체포 장면 사진', found: ['a file name'] },
    {
      path: 'file name encoded',
      bytes: encodeURIComponent('체포 장면 사진'),
      found: ['a file name'],
    },
    {
      path: 'file name in base64',
      bytes: Buffer.from('체포 장면 사진.jpg').toString('base64'),
      found: ['a file name'],
    },
    { path: '체포 장면 사진.jpg', found: ['a file name in its name'] },
  ]
  const { bytes, receipt } = makeEnvelope(70_001)
  return [
    ...telling.map((plant) => ({ ...plant, path: `planted/${plant.path}` })),
    { path: `var/sealed/${receipt}.age`, bytes, found: ['a size off the grid'] },
  ]
}
