import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { type Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { hideDirectoryTime, syncDirectory } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import { DIR_MODE, FILE_MODE, isReceipt } from './layout.ts'
import { giveToOwnerOf } from '../disk/owner.ts'

/** Maximum of requests in one round; the rest waits for the next round. */
const maxRequests = 1000

/**
 * Requests from ops to remove dead letters for good: an empty file for each, named by the receipt.
 * Only the worker removes envelopes and writes the ledger, so ops cannot do it directly.
 */
export interface DiscardRequests {
  /** @returns once the request would survive a restart. */
  add: (receipt: string) => Promise<void>
  list(): Promise<string[]>
  has(receipt: string): Promise<boolean>
  remove(receipt: string): Promise<void>
}

export function openDiscardRequests({
  dir,
  clock,
}: {
  dir: string
  clock: Clock
}): DiscardRequests {
  const folder = join(dir, 'discards')
  const list = async (): Promise<string[]> =>
    ((await orNull(readdir(folder))) ?? []).filter(isReceipt)
  return {
    async add(receipt) {
      if (!isReceipt(receipt)) return
      const day = midnightOf(clock.now())
      await makeFolder(folder, DIR_MODE)
      await writeFile(join(folder, receipt), '', { mode: FILE_MODE })
      await giveToOwnerOf(dir, folder, join(folder, receipt))
      await utimes(join(folder, receipt), day, day)
      await syncDirectory(folder, day)
      hideDirectoryTime(dir, day)
    },
    list: async () => (await list()).sort().slice(0, maxRequests),
    has: async (receipt) => (await list()).includes(receipt),
    async remove(receipt) {
      await rm(join(folder, receipt), { force: true })
      await syncDirectory(folder, midnightOf(clock.now()))
    },
  }
}
