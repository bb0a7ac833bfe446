import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { CanaryNotes } from '../../src/canary/notes.ts'
import { openLedger } from '../../src/ledger/writer.ts'
import { migrateDataFolder } from '../../src/store/data-folder.ts'
import { openDeletionRequest } from '../../src/store/deletion-request.ts'
import { openDiscardRequests } from '../../src/store/discard-requests.ts'
import { startDraining, stopDraining } from '../../src/store/drain-marker.ts'
import { writeMark } from '../../src/store/marks.ts'
import { systemClock } from '../../src/time/clock.ts'
import { midnightOf } from '../../src/time/day.ts'
import { openAttempts } from '../../workers/attempts.ts'
import { Inbox } from '../../workers/inbox.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { finelyChangedBelow } from './support/fine-times.ts'

const receipt = 'ab'.repeat(32)
const note = { fileKey: new Uint8Array(16), token: 'ab'.repeat(16), day: '2026-11-23' }

let dir: string
beforeEach(async () => {
  dir = await makeTempDir()
})

describe('times of files and folders outside the store', () => {
  it('are rounded to the day for attempts', async () => {
    const folder = join(dir, 'attempts')
    const attempts = await openAttempts({ dir: folder, clock: systemClock })
    expect(await finelyChangedBelow(folder)).toEqual([])
    await attempts.begin(receipt)
    expect(await finelyChangedBelow(folder)).toEqual([])
    await attempts.end(receipt)
    expect(await finelyChangedBelow(folder)).toEqual([])
  })

  it('are rounded to the day for marks', async () => {
    await writeMark('exported', { dataDir: dir, clock: systemClock, stepMinutes: 15 })
    expect(await finelyChangedBelow(dir)).toEqual([])
  })

  it('are rounded to the day for requests to discard and to free space', async () => {
    const discards = openDiscardRequests({ dir, clock: systemClock })
    const deletion = openDeletionRequest({ dir, clock: systemClock })
    for (const step of [
      () => discards.add(receipt),
      () => deletion.add(),
      () => discards.remove(receipt),
      () => deletion.remove(),
    ]) {
      await step()
      expect(await finelyChangedBelow(dir)).toEqual([])
    }
  })

  it('are rounded to the day for the drain marker', async () => {
    for (const step of [startDraining, stopDraining]) {
      await step({ dir, clock: systemClock })
      expect(await finelyChangedBelow(dir)).toEqual([])
    }
  })

  it('are rounded to the day for the version of the data folder', async () => {
    await migrateDataFolder(dir, midnightOf(systemClock.now()))
    expect(await finelyChangedBelow(dir)).toEqual([])
  })

  it('are rounded to the day for the segments of the ledger', async () => {
    const path = join(dir, 'ledger.jsonl')
    const ledger = await openLedger({ path, clock: systemClock, maxSegmentLines: 1 })
    for (const digit of ['1', '2', '3', '4']) {
      await ledger.append('stored', digit.repeat(64), 100)
      // The index of a closed segment is written after the line's receipt was given.
      await expect.poll(() => finelyChangedBelow(dir)).toEqual([])
    }
    await ledger.close()
    expect(await readdir(join(dir, 'ledger'))).not.toEqual([])
  })

  it('are rounded to the day for acknowledgements', async () => {
    const folder = join(dir, 'acknowledgements')
    const inbox = new Inbox(folder, systemClock)
    await inbox.create()
    expect(await finelyChangedBelow(folder)).toEqual([])
    const name = `${receipt}.json`
    for (const end of [() => inbox.remove(name), () => inbox.refuse(name)]) {
      await writeFile(join(folder, name), '{}')
      await writeFile(join(folder, `${name}.minisig`), '')
      await end()
      // a refused file keeps the times it was copied with, but the folders' times are rounded to
      // the day
      const folders = ['', 'refused']
      expect((await finelyChangedBelow(folder)).filter((path) => folders.includes(path))).toEqual(
        [],
      )
    }
  })

  it('are rounded to the day for canaries', async () => {
    await mkdir(join(dir, 'canary'), { recursive: true })
    const notes = new CanaryNotes(dir, systemClock)
    await notes.create()
    for (const step of [
      () => notes.write(receipt, note),
      () => notes.finish(receipt),
      () => notes.forget(receipt),
    ]) {
      await step()
      expect(await finelyChangedBelow(join(dir, 'canary'))).toEqual([])
    }
  })
})
