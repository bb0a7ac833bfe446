import { dirname, join } from 'node:path'
import { syncDirectory } from '../disk/dir-sync.ts'
import { makeFolder } from '../disk/make-folder.ts'
import { giveToOwnerOf } from '../disk/owner.ts'
import type { Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { migrateDataFolder, requireUsableFolder } from './data-folder.ts'
import { DIR_MODE, PREFIXES } from './layout.ts'
import { TmpFolder } from './tmp-folder.ts'

/**
 * Prepares the data folder in which a store receives envelopes, and removes what dead processes
 * left in `tmp/`.
 * @throws StoreError `IN_USE`, `RESTORING` or `TOO_NEW`; errors of the disk.
 */
export async function openStagingFolder(
  dir: string,
  { clock, instance }: { clock: Clock; instance: string },
): Promise<TmpFolder> {
  await prepareDataFolder(dir, clock)
  const tmp = new TmpFolder(join(dir, 'tmp'), instance, () => midnightOf(clock.now()))
  await tmp.clean()
  return tmp
}

/**
 * Makes the folders under `dir`, durably, and updates an older data folder.
 * @throws StoreError `RESTORING` or `TOO_NEW`; any error of the file system.
 */
async function prepareDataFolder(dir: string, clock: Clock): Promise<void> {
  await requireUsableFolder(dir)
  for (const name of ['tmp', ...PREFIXES]) {
    const made = await makeFolder(join(dir, name), DIR_MODE)
    if (made === join(dir, name)) await giveToOwnerOf(dir, made)
  }
  await migrateDataFolder(dir, midnightOf(clock.now()))
  // a receipt in a folder whose own name is not durable would be lost with the folder
  await syncDirectory(dir)
  await syncDirectory(dirname(dir))
}
