import { statSync } from 'node:fs'
import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import { DIR_MODE, FILE_MODE } from './layout.ts'
import { giveToOwnerOf } from '../disk/owner.ts'

/** A file and not a word in Redis: it must outlive restarts, and hold while Redis is away. */
const markerName = 'draining'

/**
 * While true the intake takes no new tip. Looked up for each request: a cached name takes
 * microseconds.
 */
export function isDraining(dir: string): boolean {
  try {
    return statSync(join(dir, markerName), { throwIfNoEntry: false }) !== undefined
  } catch {
    // A data folder that cannot be looked into is told by whoever needs it.
    return false
  }
}

/** Durable when it resolves; safe to repeat. */
export async function startDraining({ dir, clock }: { dir: string; clock: Clock }): Promise<void> {
  const day = midnightOf(clock.now())
  await makeFolder(dir, DIR_MODE)
  await writeFile(join(dir, markerName), '', { mode: FILE_MODE })
  await giveToOwnerOf(dir, join(dir, markerName))
  await utimes(join(dir, markerName), day, day)
  await syncDirectory(dir, day)
}

/** Safe to repeat. */
export async function stopDraining({ dir, clock }: { dir: string; clock: Clock }): Promise<void> {
  await rm(join(dir, markerName), { force: true })
  await syncDirectory(dir, midnightOf(clock.now()))
}
