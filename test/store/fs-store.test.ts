import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { cp, link, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobEntry, BlobStore, Prefix } from '../../src/store/blob-store.ts'
import { holdFolder } from '../support/hold-folder.ts'
import { type FsBlobStore, openFsStore } from '../../src/store/fs-store.ts'
import type { Statfs } from '../../src/store/space.ts'

const DAY = new Date('2026-11-23T00:00:00Z')
let now = new Date('2026-11-23T17:45:12.345Z')
const clock = { now: () => now }
const plenty: Statfs = () => ({ blocks: 1_000_000, bavail: 1_000_000, bsize: 4096 })

let dir: string
let store: BlobStore
let openedStore: FsBlobStore

beforeEach(async () => {
  now = new Date('2026-11-23T17:45:12.345Z')
  dir = await mkdtemp(join(tmpdir(), 'tumen-store-'))
  openedStore = await open()
  store = openedStore
})

afterEach(() => rm(dir, { recursive: true, force: true }))

function open(
  options: { instance?: string; reserveBytes?: number; statfs?: Statfs } = {},
): Promise<FsBlobStore> {
  return openFsStore({ dir, instance: 'test', reserveBytes: 0, clock, statfs: plenty, ...options })
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function put(bytes: Uint8Array, prefix: Prefix = 'incoming'): Promise<'created' | 'exists'> {
  const staged = await store.stage(bytes.length)
  await staged.write(bytes)
  return staged.commit(prefix, digest(bytes))
}

async function contentOf(prefix: Prefix, receipt: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(store.read(prefix, receipt)))
}

const entries = (prefix: Prefix): Promise<BlobEntry[]> => Array.fromAsync(store.list(prefix))
const path = (prefix: Prefix, receipt: string): string => join(dir, prefix, `${receipt}.age`)
const staged = (): string[] =>
  readdirSync(join(dir, 'tmp'), { recursive: true })
    .map(String)
    .filter((name) => /[0-9a-f-]{36}$/.test(name))
const openFiles = (): number => readdirSync('/proc/self/fd').length

describe('stage', () => {
  it.each([0, 1, 65_535, 65_536, 524_287, 524_288, 524_289, 3_000_001])(
    'keeps %i bytes as they are',
    async (length) => {
      const bytes = randomBytes(length)
      expect(await put(bytes)).toBe('created')
      expect(Buffer.compare(await contentOf('incoming', digest(bytes)), bytes)).toBe(0)
      expect(staged()).toEqual([])
    },
  )

  it('keeps the order of chunks of all sizes', async () => {
    const bytes = randomBytes(900_000)
    const blob = await store.stage()
    for (let at = 0, step = 1; at < bytes.length; at += step, step = (step * 7) % 40_009)
      await blob.write(bytes.subarray(at, at + step))
    await blob.commit('incoming', digest(bytes))
    expect(Buffer.compare(await contentOf('incoming', digest(bytes)), bytes)).toBe(0)
  })

  it('keeps the order of chunks that were not waited for', async () => {
    const bytes = randomBytes(4_000_000)
    const blob = await store.stage()
    const writes: Promise<void>[] = []
    for (let at = 0; at < bytes.length; at += 300_000)
      writes.push(blob.write(bytes.subarray(at, at + 300_000)))
    await blob.commit('incoming', digest(bytes))
    await Promise.all(writes)
    expect(Buffer.compare(await contentOf('incoming', digest(bytes)), bytes)).toBe(0)
  })

  it('shows nothing to anyone before commit', async () => {
    const blob = await store.stage()
    await blob.write(randomBytes(2_000_000))
    expect(await entries('incoming')).toEqual([])
    await blob.discard()
  })

  it('writes nothing to the disk for what is refused by its first bytes', async () => {
    const blob = await store.stage()
    await blob.write(randomBytes(100))
    await blob.discard()
    expect(existsSync(join(dir, 'tmp', 'test'))).toBe(false)
  })

  it('leaves nothing behind after discard, also if repeated and after commit', async () => {
    const blob = await store.stage()
    await blob.write(randomBytes(2_000_000))
    await Promise.all([blob.discard(), blob.discard()])
    expect(staged()).toEqual([])
    const other = await store.stage()
    await other.commit('incoming', digest(new Uint8Array()))
    await other.discard()
    expect(await entries('incoming')).toHaveLength(1)
  })

  it('leaves nothing behind when discard comes in the middle of writing or committing', async () => {
    for (const meet of [0, 1, 2, 3]) {
      const blob = await store.stage()
      const writes = Array.from({ length: 4 }, () =>
        blob.write(randomBytes(600_000)).catch(() => {}),
      )
      if (meet > 0) await Promise.all(writes)
      const commit = meet > 1 ? blob.commit('incoming', String(meet).repeat(64)) : Promise.resolve()
      await Promise.all([blob.discard(), commit, ...writes])
      expect(staged()).toEqual([])
    }
    expect(await entries('incoming')).toHaveLength(2)
  })

  it('refuses to be used after it ended', async () => {
    const blob = await store.stage()
    await blob.discard()
    await expect(blob.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'STAGE_CLOSED' })
    await expect(blob.commit('incoming', 'a'.repeat(64))).rejects.toMatchObject({
      code: 'STAGE_CLOSED',
    })
  })

  it.each(['', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), `../${'a'.repeat(61)}`])(
    'refuses the receipt %j',
    async (receipt) => {
      const blob = await store.stage()
      await blob.write(new Uint8Array(10))
      await expect(blob.commit('incoming', receipt)).rejects.toMatchObject({
        code: 'INVALID_RECEIPT',
      })
      expect(staged()).toEqual([])
    },
  )

  it('gives every file the midnight of its day, and access only to its owner', async () => {
    const bytes = randomBytes(700_000)
    await put(bytes)
    const found = statSync(path('incoming', digest(bytes)))
    expect(found.mtime).toEqual(DAY)
    expect(found.mode & 0o777).toBe(0o600)
    expect(statSync(join(dir, 'incoming')).mode & 0o777).toBe(0o700)
  })

  it('reveals no time of arrival by the times of a folder, neither of changes nor of reads', async () => {
    const bytes = randomBytes(700_000)
    await put(bytes)
    await contentOf('incoming', digest(bytes))
    await Array.fromAsync(store.list('incoming'))
    const paths = [
      path('incoming', digest(bytes)),
      join(dir, 'incoming'),
      join(dir, 'tmp'),
      join(dir, 'tmp', 'test'),
    ]
    for (const one of paths)
      expect([one, statSync(one).mtime, statSync(one).atime]).toEqual([one, DAY, DAY])
  })

  it('closes every file', async () => {
    await put(randomBytes(1_000_000))
    const before = openFiles()
    for (let turn = 0; turn < 10; turn += 1) {
      await put(randomBytes(1_000_000))
      const blob = await store.stage()
      await blob.write(randomBytes(1_000_000))
      await blob.discard()
    }
    expect(openFiles()).toBe(before)
  })

  it('makes its folder again when it was removed', async () => {
    await put(randomBytes(10))
    await rm(join(dir, 'tmp', 'test'), { recursive: true })
    expect(await put(randomBytes(10))).toBe('created')
  })
})

describe('commit', () => {
  it('finds the same envelope again under every prefix a source can ask for', async () => {
    const bytes = randomBytes(1000)
    expect(await put(bytes)).toBe('created')
    expect(await put(bytes)).toBe('exists')
    for (const [from, to] of [
      ['incoming', 'sealed'],
      ['sealed', 'collected'],
    ] as const) {
      await store.move(digest(bytes), from, to)
      expect(await put(bytes)).toBe('exists')
      expect(await entries('incoming')).toEqual([])
      expect(await store.locate(digest(bytes))).toBe(to)
    }
  })

  it('does not count quarantine', async () => {
    const bytes = randomBytes(1000)
    await put(bytes)
    await store.move(digest(bytes), 'incoming', 'quarantine')
    expect(await store.locate(digest(bytes))).toBeNull()
    expect(await put(bytes)).toBe('created')
  })

  it('stores one blob for many at once', async () => {
    const bytes = randomBytes(100_000)
    const results = await Promise.all(Array.from({ length: 16 }, () => put(bytes)))
    expect(results.filter((result) => result === 'created')).toHaveLength(1)
    expect(await entries('incoming')).toHaveLength(1)
    expect(staged()).toEqual([])
  })

  it('stores one blob while a worker moves it on', async () => {
    for (let turn = 0; turn < 30; turn += 1) {
      const bytes = randomBytes(100)
      const receipt = digest(bytes)
      await put(bytes)
      await Promise.all([put(bytes), store.move(receipt, 'incoming', 'sealed'), put(bytes)])
      await store.move(receipt, 'incoming', 'sealed')
      expect(existsSync(path('incoming', receipt))).toBe(false)
      expect(existsSync(path('sealed', receipt))).toBe(true)
    }
  })
})

describe('move', () => {
  it('gives the day of the move', async () => {
    const bytes = randomBytes(10)
    await put(bytes)
    now = new Date('2026-12-24T23:59:59.999Z')
    expect(await store.move(digest(bytes), 'incoming', 'sealed')).toBe('moved')
    expect(await entries('sealed')).toEqual([
      { receipt: digest(bytes), bytes: 10, day: new Date('2026-12-24T00:00:00Z') },
    ])
    expect(await entries('incoming')).toEqual([])
  })

  it('is idempotent, and says when there is nothing to move', async () => {
    const bytes = randomBytes(10)
    await put(bytes)
    await store.move(digest(bytes), 'incoming', 'sealed')
    now = new Date('2026-12-24T12:00:00Z')
    expect(await store.move(digest(bytes), 'incoming', 'sealed')).toBe('moved')
    expect((await entries('sealed'))[0]?.day).toEqual(DAY)
    expect(await store.move('0'.repeat(64), 'incoming', 'sealed')).toBe('missing')
  })

  it('completes a move that was interrupted between the link and the unlink', async () => {
    const receipt = digest(Buffer.from('x'))
    await put(Buffer.from('x'))
    await link(path('incoming', receipt), path('sealed', receipt))
    now = new Date('2026-12-24T12:00:00Z')
    expect(await store.move(receipt, 'incoming', 'sealed')).toBe('moved')
    expect(existsSync(path('incoming', receipt))).toBe(false)
    expect((await entries('sealed'))[0]?.day).toEqual(new Date('2026-12-24T00:00:00Z'))
  })

  it('never overwrites an older copy nor makes it younger', async () => {
    const receipt = digest(Buffer.from('x'))
    await put(Buffer.from('x'))
    await writeFile(path('sealed', receipt), 'x')
    await utimes(path('sealed', receipt), new Date('2026-01-01'), new Date('2026-01-01'))
    const inode = statSync(path('sealed', receipt)).ino
    expect(await store.move(receipt, 'incoming', 'sealed')).toBe('moved')
    expect(statSync(path('sealed', receipt)).ino).toBe(inode)
    expect((await entries('sealed'))[0]?.day).toEqual(new Date('2026-01-01'))
  })

  it('does not bring back what was collected when a repeat was interrupted', async () => {
    const receipt = digest(Buffer.from('x'))
    await put(Buffer.from('x'))
    await link(path('incoming', receipt), path('collected', receipt))
    expect(await store.move(receipt, 'incoming', 'sealed')).toBe('moved')
    expect(existsSync(path('sealed', receipt))).toBe(false)
    expect(existsSync(path('incoming', receipt))).toBe(false)
    expect(await store.locate(receipt)).toBe('collected')
  })
})

describe('list, read and remove', () => {
  it('lists only well-formed names', async () => {
    await put(Buffer.from('x'))
    for (const name of [
      'x.age',
      'a'.repeat(64),
      `${'A'.repeat(64)}.age`,
      `${'a'.repeat(64)}.age.tmp`,
      '.hidden',
    ]) {
      await writeFile(join(dir, 'incoming', name), 'y')
    }
    await mkdir(path('incoming', 'b'.repeat(64)))
    expect((await entries('incoming')).map((entry) => entry.receipt)).toEqual([
      digest(Buffer.from('x')),
    ])
  })

  it('throws NOT_FOUND where there is nothing', async () => {
    await expect(contentOf('sealed', 'a'.repeat(64))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('closes the file when the reader leaves early', async () => {
    const bytes = randomBytes(1_000_000)
    await put(bytes)
    const before = openFiles()
    for await (const piece of store.read('incoming', digest(bytes))) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    expect(openFiles()).toBe(before)
  })

  it('removes a blob, and tolerates a missing one', async () => {
    await put(Buffer.from('x'))
    await store.remove('incoming', digest(Buffer.from('x')))
    await store.remove('incoming', digest(Buffer.from('x')))
    expect(await entries('incoming')).toEqual([])
  })
})

describe('the reserve', () => {
  const diskBytes = 1_000_000_000
  const disk =
    (free: { bytes: number }): Statfs =>
    () => ({ blocks: diskBytes, bavail: free.bytes, bsize: 1 })

  it.each([
    [899, 'fits'],
    [900, 'fits'],
    [901, 'does not fit'],
  ])('an announced %i of 900 bytes %s', async (expected, outcome) => {
    store = await open({ reserveBytes: 100, statfs: disk({ bytes: 1000 }) })
    expect(await store.freeBytes()).toBe(900)
    if (outcome === 'fits') await expect(store.stage(expected)).resolves.toBeDefined()
    else await expect(store.stage(expected)).rejects.toMatchObject({ code: 'NO_SPACE' })
  })

  it('counts what open uploads have announced, until they end', async () => {
    store = await open({ statfs: disk({ bytes: 1000 }) })
    const first = await store.stage(600)
    await expect(store.stage(600)).rejects.toMatchObject({ code: 'NO_SPACE' })
    await first.discard()
    await first.discard()
    expect(await store.freeBytes()).toBe(1000)
  })

  it('refuses what was not announced once the space is gone, and removes it', async () => {
    const free = { bytes: 10_000_000 }
    store = await open({ statfs: disk(free) })
    const blob = await store.stage()
    await blob.write(randomBytes(600_000))
    free.bytes = 100
    await blob.write(randomBytes(400_000))
    await expect(blob.commit('incoming', 'a'.repeat(64))).rejects.toMatchObject({
      code: 'NO_SPACE',
    })
    expect(staged()).toEqual([])
    expect(await entries('incoming')).toEqual([])
    expect(await store.freeBytes()).toBe(100)
  })

  it.each([
    [99_999, 900_001],
    [100_000, 900_000],
    [100_001, 900_000],
  ])(
    'of %i bytes on a disk of 1,000,000 leaves %i, as it is at most a tenth',
    async (reserveBytes, freeBytes) => {
      store = await open({
        reserveBytes,
        statfs: () => ({ blocks: 1_000_000, bavail: 1_000_000, bsize: 1 }),
      })
      expect(await store.freeBytes()).toBe(freeBytes)
    },
  )

  it('refuses everything when nothing is left', async () => {
    store = await open({ reserveBytes: 1000, statfs: disk({ bytes: 1000 }) })
    await expect(store.stage()).rejects.toMatchObject({ code: 'NO_SPACE' })
  })
})

describe('openFsStore', () => {
  it('empties its own folder and those that no process has locked, and no other', async () => {
    for (const name of ['test', 'dead']) {
      await mkdir(join(dir, 'tmp', name), { recursive: true })
      await writeFile(join(dir, 'tmp', name, 'leftover'), 'half an envelope')
    }
    const living = await open({ instance: 'living' })
    const blob = await living.stage()
    await blob.write(randomBytes(1_000_000))
    await open()
    expect(await readdir(join(dir, 'tmp'))).toEqual(['living'])
    expect(await blob.commit('incoming', 'a'.repeat(64))).toBe('created')
  })

  it.each([['in its own namespaces'], ['in other network and PID namespaces']])(
    'keeps the folder of a process %s until that process is killed',
    async (where) => {
      const holder = await holdFolder(join(dir, 'tmp', 'elsewhere'), {
        isApart: where.includes('other'),
      })
      try {
        await open()
        expect(await readdir(join(dir, 'tmp'))).toEqual(['elsewhere'])
        await expect(open({ instance: 'elsewhere' })).rejects.toMatchObject({ code: 'IN_USE' })
      } finally {
        await holder.kill()
      }
      await open()
      expect(await readdir(join(dir, 'tmp'))).toEqual([])
    },
  )
})

describe('when the data folder is no longer the one that was opened', () => {
  const bytes = randomBytes(1000)
  const replaced = expect.objectContaining({ code: 'REPLACED' })
  let away = ''

  beforeEach(async () => {
    away = `${dir}.away`
    await put(randomBytes(10))
  })
  afterEach(() => rm(away, { recursive: true, force: true }))

  const moves = {
    'was renamed': () => rename(dir, away),
    'was replaced by a copy': async () => {
      await rename(dir, away)
      await cp(away, dir, { recursive: true })
    },
  }

  it.each(Object.entries(moves))('takes nothing in when it %s', async (_name, move) => {
    await move()
    await expect(put(bytes)).rejects.toEqual(replaced)
    expect(existsSync(dir) ? await entries('incoming') : []).toHaveLength(existsSync(dir) ? 1 : 0)
  })

  it.each(Object.entries(moves))(
    'gives no receipt when it %s while an envelope arrives',
    async (_name, move) => {
      const stage = await store.stage()
      await stage.write(bytes)
      await move()
      await expect(stage.commit('incoming', digest(bytes))).rejects.toEqual(replaced)
    },
  )

  it('gives no receipt when it was replaced between the new name and its sync', async () => {
    const stage = await store.stage()
    await stage.write(bytes)
    let calls = 0
    const { now: before } = clock
    // The first call sets the file's day, the second one that of the folder with the new name.
    clock.now = () => {
      calls += 1
      if (calls === 2) {
        renameSync(dir, away)
        cpSync(away, dir, { recursive: true })
      }
      return before()
    }
    const committing = stage.commit('incoming', digest(bytes))
    await expect(committing).rejects.toEqual(replaced)
    clock.now = before
    expect(existsSync(join(away, 'incoming', `${digest(bytes)}.age`))).toBe(true)
  })

  it('gives no receipt for an upload whose copy is shorter than what was received', async () => {
    const part = join(dir, 'upload.part')
    await writeFile(part, bytes.subarray(0, 500))
    await moves['was replaced by a copy']()
    const adopting = openedStore.adopt(part, 'incoming', digest(bytes))
    await expect(adopting).rejects.toEqual(replaced)
    expect(existsSync(path('incoming', digest(bytes)))).toBe(false)
  })

  it('neither moves, deletes nor denies anything, and says so when asked for space', async () => {
    await put(bytes)
    await moves['was replaced by a copy']()
    const receipt = digest(bytes)
    for (const work of [
      store.move(receipt, 'incoming', 'sealed'),
      store.remove('incoming', receipt),
      store.locate(receipt),
      store.freeBytes(),
    ])
      await expect(work).rejects.toEqual(replaced)
    expect(existsSync(path('incoming', receipt))).toBe(true)
  })

  it('continues when the folder is back', async () => {
    await rename(dir, away)
    await expect(put(bytes)).rejects.toEqual(replaced)
    await rename(away, dir)
    expect(await put(bytes)).toBe('created')
  })
})
