import { statSync } from 'node:fs'
import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { syncDirectory } from '../disk/dir-sync.ts'
import { DIR_MODE, FILE_MODE } from './layout.ts'
import { giveToOwnerOf } from '../disk/owner.ts'

/**
 * The marker is a file and not a key in Redis: it must survive restarts, and work while Redis is
 * unreachable.
 */
const markerName = 'draining'

/**
 * Whether the intake must refuse new tips. Checked on each request: looking up a cached name takes
 * microseconds.
 */
export function isDraining(dir: string): boolean {
  try {
    return statSync(join(dir, markerName), { throwIfNoEntry: false }) !== undefined
  } catch {
    // A data folder that cannot be read is reported by the code that needs it.
    return false
  }
}

/** The marker is durable when this resolves. Safe to repeat. */
export async function startDraining({ dir, clock }: { dir: string; clock: Clock }): Promise<void> {
  const day = midnightOf(clock.now())
  await makeFolder(dir, DIR_MODE)
  await writeFile(join(dir, markerName), '', { mode: FILE_MODE })
  await giveToOwnerOf(dir, join(dir, markerName))
  await utimes(join(dir, markerName), day, day)
  await syncDirectory(dir, day)
}

/** Removes the marker. Safe to repeat. */
export async function stopDraining({ dir, clock }: { dir: string; clock: Clock }): Promise<void> {
  await rm(join(dir, markerName), { force: true })
  await syncDirectory(dir, midnightOf(clock.now()))
}
