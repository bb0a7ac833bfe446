import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { expect } from 'vitest'
import { parseKeyring } from '../../../src/keyring/keyring.ts'
import { parseSecretKey } from '../../../src/keyring/minisign.ts'
import { parseIndex } from '../../../src/replies/index-file.ts'
import type { ReadReplyFile } from '../../../src/reply-store/reply-source.ts'
import { readServed } from '../../../src/reply-store/served.ts'
import { digestOf } from '../../../src/reply-store/stored-indexes.ts'
import { makeTestDrop, type TestDrop, writeReplies } from '../../reply-store/answering-desk.ts'
import { until } from '../../supervise/start.ts'
import { DiskModel, type Tree } from './disk-model.ts'
import type { Call } from './parse-strace.ts'
import { type Place, workerMain } from './place.ts'

export interface TakenIn {
  calls: readonly Call[]
  disk: DiskModel
  /** The drop of the first index, which the second one no longer names. */
  old: TestDrop
  /** The drop of the second index. */
  added: TestDrop
}

/** Writes the answers that a desk has signed into the folder. @returns the index */
export function writeAnswers(place: Place, folder: string, seq: number, drop: TestDrop): Buffer {
  const key = parseSecretKey(readFileSync(place.deskKeyPath, 'utf8'))
  const bytes = readFileSync(place.at('keys', 'keyring.json'))
  const keyring = { sha256: digestOf(bytes), issued: parseKeyring(bytes).issued }
  return writeReplies(place.at(folder), key, { day: place.day, keyring, seq, drops: [drop] })
}

/** Records the worker while it replaces one set of answers with another. */
export async function recordTakingIn(place: Place): Promise<TakenIn> {
  const [old, added] = [makeTestDrop(place.day), makeTestDrop(place.day)]
  writeAnswers(place, 'var/replies', 1, old)
  const second = writeAnswers(place, 'arriving', 2, added)
  mkdirSync(place.at('var/acknowledgements/replies'), { recursive: true, mode: 0o700 })
  const arrival = place.at('var/acknowledgements/replies', digestOf(second))
  renameSync(place.at('arriving'), arrival)
  const disk = new DiskModel(place.dir)
  const worker = place.run(workerMain)
  try {
    await worker.untilReady()
    await until(
      () => !existsSync(arrival),
      () => `the worker: ${worker.stderr}`,
      60_000,
    )
    await worker.stop()
  } finally {
    await worker.stop('SIGKILL')
  }
  expect(readdirSync(place.at('var/acknowledgements/refused'))).toEqual([])
  return { calls: worker.calls(), disk, old, added }
}

/** What would be served from a disk in this state: the number of the index, and its drops. */
export async function servedFrom(
  tree: Tree,
  place: Place,
): Promise<{ seq: number; drops: string[] } | null> {
  const read: ReadReplyFile = (name, maxBytes) => {
    const bytes = tree.get(`var/replies/${name}`)
    return Promise.resolve(bytes == null ? null : bytes.subarray(0, maxBytes + 1))
  }
  const { indexes, drops } = await readServed([read], { keyring: place.keyring, day: place.day })
  const [first] = indexes
  if (first === undefined) return null
  return { seq: parseIndex(first.bytes).seq, drops: drops.map(({ name }) => name) }
}
