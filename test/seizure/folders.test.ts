import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { CanaryNotes } from '../../src/canary/notes.ts'
import { writeMark } from '../../src/store/marks.ts'
import { systemClock } from '../../src/time/clock.ts'
import { openAttempts } from '../../workers/attempts.ts'
import { Inbox } from '../../workers/inbox.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const receipt = 'ab'.repeat(32)
const note = { fileKey: new Uint8Array(16), token: 'ab'.repeat(16), day: '2026-11-23' }

let dir: string
beforeEach(async () => {
  dir = await makeTempDir()
})

/** Entries below the folder whose times are more precise than a day. */
async function fineTimes(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const path of [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))]) {
    const { mtimeMs } = await lstat(path)
    if (mtimeMs % 86_400_000 !== 0) found.push(path)
  }
  return found
}

describe('times of files and folders outside the store', () => {
  it('are rounded to the day for attempts', async () => {
    const folder = join(dir, 'attempts')
    const attempts = await openAttempts({ dir: folder, clock: systemClock })
    expect(await fineTimes(folder)).toEqual([])
    await attempts.begin(receipt)
    expect(await fineTimes(folder)).toEqual([])
    await attempts.end(receipt)
    expect(await fineTimes(folder)).toEqual([])
  })

  it('are rounded to the day for marks', async () => {
    await writeMark('exported', { dataDir: dir, clock: systemClock, stepMinutes: 15 })
    expect(await fineTimes(join(dir, 'marks'))).toEqual([])
  })

  it('are rounded to the day for acknowledgements', async () => {
    const folder = join(dir, 'acknowledgements')
    const inbox = new Inbox(folder, systemClock)
    await inbox.create()
    expect(await fineTimes(folder)).toEqual([])
    const name = `${receipt}.json`
    for (const end of [() => inbox.remove(name), () => inbox.refuse(name)]) {
      await writeFile(join(folder, name), '{}')
      await writeFile(join(folder, `${name}.minisig`), '')
      await end()
      // a refused file keeps the times it was copied with, but the folders' times are rounded to
      // the day
      const folders = [folder, join(folder, 'refused')]
      expect((await fineTimes(folder)).filter((path) => folders.includes(path))).toEqual([])
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
      expect(await fineTimes(join(dir, 'canary'))).toEqual([])
    }
  })
})
