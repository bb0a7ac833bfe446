import { mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import { DIR_MODE, FILE_MODE } from './layout.ts'
import { giveToOwnerOf } from '../disk/owner.ts'
import { stepStart } from '../time/steps.ts'

/** What people last did with the vault, and when: it shows whether tips are being read. */
export type MarkName = 'exported' | 'acknowledged'

export interface MarkOptions {
  dataDir: string
  clock: Clock
  /** The time of a mark is rounded to the published step. */
  stepMinutes: number
}

/**
 * Writes the current step. @throws the system's error; the caller has finished its work and must
 * not fail because of it.
 */
export async function writeMark(
  name: MarkName,
  { dataDir, clock, stepMinutes }: MarkOptions,
): Promise<void> {
  const path = join(dataDir, 'marks', name)
  const now = clock.now()
  await mkdir(join(dataDir, 'marks'), { recursive: true, mode: DIR_MODE })
  await writeFile(`${path}.new`, `${stepStart(now, stepMinutes).toISOString()}\n`, {
    mode: FILE_MODE,
    flush: true,
  })
  await giveToOwnerOf(dataDir, join(dataDir, 'marks'), `${path}.new`)
  await utimes(`${path}.new`, midnightOf(now), midnightOf(now))
  await rename(`${path}.new`, path)
  hideDirectoryTime(join(dataDir, 'marks'), midnightOf(now))
  hideDirectoryTime(dataDir, midnightOf(now))
}

/** Null if it was never done, or if the file is unreadable. */
export async function readMark(name: MarkName, dataDir: string): Promise<Date | null> {
  const text = await orNull(readFile(join(dataDir, 'marks', name), 'latin1'))
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\n$/.test(text)) return null
  const moment = new Date(text.trim())
  return Number.isNaN(moment.getTime()) ? null : moment
}
