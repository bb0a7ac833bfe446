import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyStore } from '../../src/store/copy-store.ts'
import { openFsStore } from '../../src/store/fs-store.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { contentOf, digestOf, putBlob } from './contract.ts'

async function open(dir?: string) {
  const folder = dir ?? (await makeTempDir())
  const clock = { now: () => new Date() }
  return {
    dir: folder,
    store: await openFsStore({ dir: folder, instance: 'test', reserveBytes: 0, clock }),
  }
}

describe('copyStore', () => {
  it('copies every prefix, skips what is there, and removes nothing', async () => {
    const [from, to] = [await open(), await open()]
    const blobs = (['incoming', 'sealed', 'collected', 'quarantine'] as const).map((prefix, n) => ({
      prefix,
      bytes: randomBytes(1000 + n),
    }))
    for (const { prefix, bytes } of blobs) {
      await putBlob(from.store, bytes)
      if (prefix !== 'incoming') await from.store.move(digestOf(bytes), 'incoming', prefix)
    }
    const first = await copyStore({ from: from.store, to: to.store })
    expect(first).toMatchObject({ copied: 4, present: 0, moved: 0, damaged: [] })
    for (const { prefix, bytes } of blobs)
      for (const { store } of [from, to])
        expect(Buffer.compare(await contentOf(store, prefix, digestOf(bytes)), bytes)).toBe(0)
    expect(await copyStore({ from: from.store, to: to.store })).toMatchObject({
      copied: 0,
      present: 4,
    })
  })

  it('moves on what moved on at the source, and never back', async () => {
    const [from, to] = [await open(), await open()]
    const bytes = randomBytes(100)
    await putBlob(from.store, bytes)
    await copyStore({ from: from.store, to: to.store })
    await from.store.move(digestOf(bytes), 'incoming', 'sealed')
    expect(await copyStore({ from: from.store, to: to.store })).toMatchObject({ moved: 1 })
    expect(await to.store.locate(digestOf(bytes))).toBe('sealed')
    await to.store.move(digestOf(bytes), 'sealed', 'collected')
    expect(await copyStore({ from: from.store, to: to.store })).toMatchObject({ present: 1 })
    expect(await to.store.locate(digestOf(bytes))).toBe('collected')
  })

  it('copies nothing with wrong bytes, and says which', async () => {
    const [from, to] = [await open(), await open()]
    const receipt = digestOf(randomBytes(10))
    await writeFile(join(from.dir, 'sealed', `${receipt}.age`), 'other bytes', { mode: 0o600 })
    expect(await copyStore({ from: from.store, to: to.store })).toMatchObject({
      copied: 0,
      damaged: [receipt],
    })
    expect(await to.store.locate(receipt)).toBeNull()
  })

  it('stops when it is told to, and continues where it stopped', async () => {
    const [from, to] = [await open(), await open()]
    for (let n = 0; n < 6; n += 1) await putBlob(from.store, randomBytes(10 + n))
    let asked = 0
    const isStopping = (): boolean => (asked += 1) > 3
    expect(await copyStore({ from: from.store, to: to.store, isStopping })).toMatchObject({
      copied: 3,
    })
    expect(await copyStore({ from: from.store, to: to.store })).toMatchObject({
      copied: 3,
      present: 3,
    })
  })
})
