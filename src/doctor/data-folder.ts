import { requireUsableFolder } from '../store/data-folder.ts'
import { StoreError } from '../store/errors.ts'
import { type Finding, wrong } from './finding.ts'

/**
 * Null if this version may use the data folder. Otherwise what is in it must not be judged: the
 * ledger of a newer version would look broken.
 */
export async function checkDataFolder(dataDir: string): Promise<Finding | null> {
  try {
    await requireUsableFolder(dataDir)
    return null
  } catch (error) {
    // The rights of what cannot be read are another check.
    if (!(error instanceof StoreError)) return null
    const says =
      error.code === 'RESTORING'
        ? 'a restore into it has not ended'
        : 'another version of Tumen wrote it, or its format.json is damaged'
    return wrong('data folder', says, error.message)
  }
}
