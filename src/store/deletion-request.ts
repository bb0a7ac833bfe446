import { existsSync } from 'node:fs'
import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { hideDirectoryTime, syncDirectory } from '../disk/dir-sync.ts'
import { makeFolder } from '../disk/make-folder.ts'
import { giveToOwnerOf } from '../disk/owner.ts'
import { DIR_MODE, FILE_MODE } from './layout.ts'

/** The folder of the requests about dead letters. The intake may not write into it. */
const folderName = 'discards'
const markerName = 'collected'

/**
 * A request from `tumen free-space` to delete everything in `collected/` now, before its retention
 * ends. Only the worker removes envelopes and writes the ledger, so the request is an empty file
 * that the worker finds.
 */
export interface DeletionRequest {
  isPending(): boolean
  /** Adds the request; durable when this resolves. Safe to repeat. */
  add(): Promise<void>
  /**
   * Removes the request, either once everything is deleted or because it is withdrawn. Safe to
   * repeat.
   */
  remove(): Promise<void>
}

export function openDeletionRequest({
  dir,
  clock,
}: {
  dir: string
  clock: Clock
}): DeletionRequest {
  const folder = join(dir, folderName)
  const path = join(folder, markerName)
  return {
    isPending: () => existsSync(path),
    async add() {
      const day = midnightOf(clock.now())
      await makeFolder(folder, DIR_MODE)
      await writeFile(path, '', { mode: FILE_MODE })
      await giveToOwnerOf(dir, folder, path)
      await utimes(path, day, day)
      await syncDirectory(folder, day)
      hideDirectoryTime(dir, day)
    },
    async remove() {
      if (!existsSync(path)) return
      await rm(path, { force: true })
      await syncDirectory(folder, midnightOf(clock.now()))
    },
  }
}
