import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from '../disk/errno.ts'
import { type Finding, well, wrong } from './finding.ts'
import { count } from '../text/count.ts'

const check = 'rights'

/**
 * The spool and vault of a busy year. If there are more entries, only the first ones are checked.
 */
const maxEntries = 1_000_000

interface Faults {
  readable: number
  foreign: number
  looked: number
}

/**
 * Checks that only the service's own user can open the data folder: envelopes are sealed, but their
 * number, times and sizes are visible.
 */
export async function checkRights({
  dataDir,
  keysDir,
  uid,
}: {
  dataDir: string
  keysDir: string
  uid: number
}): Promise<Finding> {
  const top = await orNull(lstat(dataDir))
  if (top === null)
    return wrong(
      check,
      `${dataDir} does not exist`,
      'start Tumen once, or set TUMEN_DATA_DIR to where it runs',
    )
  const faults: Faults = { readable: 0, foreign: 0, looked: 0 }
  judge(top, uid, faults)
  await walk(dataDir, uid, faults)
  if (faults.foreign > 0) {
    return wrong(
      check,
      `${count(faults.foreign, 'file or folder', 'files or folders')} in ${dataDir} of another user`,
      `run this as the user Tumen runs as; else chown -R ${uid} ${dataDir}`,
    )
  }
  if (faults.readable > 0) {
    return wrong(
      check,
      `${count(faults.readable, 'file or folder', 'files or folders')} in ${dataDir} open to other users`,
      `chmod -R go= ${dataDir}`,
    )
  }
  const keys = await orNull(lstat(keysDir))
  if (keys !== null && (keys.mode & 0o022) !== 0) {
    return wrong(check, `${keysDir} may be written to by other users`, `chmod go-w ${keysDir}`)
  }
  return well(
    check,
    `${count(faults.looked, 'file or folder is', 'files and folders are')} for this user alone`,
  )
}

async function walk(folder: string, uid: number, faults: Faults): Promise<void> {
  for (const entry of (await orNull(readdir(folder, { withFileTypes: true }))) ?? []) {
    if (faults.looked >= maxEntries) return
    const path = join(folder, entry.name)
    const found = await orNull(lstat(path))
    // A socket may be meant for a group: that of tor or of a proxy.
    if (found === null || found.isSocket()) continue
    judge(found, uid, faults)
    if (found.isDirectory()) await walk(path, uid, faults)
  }
}

function judge(found: Stats, uid: number, faults: Faults): void {
  faults.looked += 1
  if (found.uid !== uid) faults.foreign += 1
  if (!found.isSymbolicLink() && (found.mode & 0o077) !== 0) faults.readable += 1
}
