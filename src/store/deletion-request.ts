import { existsSync } from 'node:fs'
import { link, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { hideDirectoryTime, syncDirectory } from '../disk/dir-sync.ts'
import { errnoOf, isOutOfRoom } from '../disk/errno.ts'
import { makeFolder } from '../disk/make-folder.ts'
import { giveToOwnerOf } from '../disk/owner.ts'
import { formatFileName } from './data-folder.ts'
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
  /** Makes the folder of the request ahead of time: on a full disk `add` could not. */
  makeFolder(): Promise<void>
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
    async makeFolder() {
      await makeFolder(folder, DIR_MODE)
      await giveToOwnerOf(dir, folder)
      const day = midnightOf(clock.now())
      hideDirectoryTime(folder, day)
      hideDirectoryTime(dir, day)
    },
    isPending: () => existsSync(path),
    async add() {
      const day = midnightOf(clock.now())
      await makeFolder(folder, DIR_MODE)
      await makeMarker(dir, path)
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

/**
 * On a disk without a free inode no file can be created, but a second name of one that is there
 * can: what makes room must not need room.
 */
async function makeMarker(dir: string, path: string): Promise<void> {
  try {
    await writeFile(path, '', { mode: FILE_MODE })
  } catch (error) {
    if (!isOutOfRoom(error)) throw error
    await link(join(dir, formatFileName), path).catch((cause: unknown) => {
      if (errnoOf(cause) !== 'EEXIST') throw error
    })
  }
}
