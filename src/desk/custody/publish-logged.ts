import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { checkChain } from './check-chain.ts'
import { recordCustody } from './custody-log.ts'
import type { Actor, CustodyEntry } from './record.ts'

/** A durable file under a temporary name, and the entry that records its digest. */
export interface LoggedFile {
  temporary: string
  target: string
  entry: CustodyEntry
}

/**
 * Records files in the custody log, then gives them their names: if the log cannot be written,
 * nothing changes. After a failure the log decides: a file that is in it gets its name, at the
 * latest by the next program, and any other is deleted. Call it only under the casebook's lock.
 * @throws CustodyError; errors of the disk.
 */
export async function publishLogged(actor: Actor, files: readonly LoggedFile[]): Promise<void> {
  let isRecorded = false
  try {
    await recordCustody(
      actor,
      files.map(({ entry }) => entry),
    )
    isRecorded = true
    await Promise.all(files.map((file) => giveName(file)))
  } catch (error) {
    const isNamed = await followLog(actor.casebook, files).then(
      () => true,
      () => false,
    )
    if (!(isRecorded && isNamed)) throw error
  }
}

/** @param isAgain the file may have its name already, and only its folder may need a sync. */
async function giveName({ temporary, target }: LoggedFile, isAgain = false): Promise<void> {
  await rename(temporary, target).catch((error: NodeJS.ErrnoException) => {
    if (!isAgain || error.code !== 'ENOENT') throw error
  })
  await syncDirectory(dirname(target))
}

async function followLog(casebook: string, files: readonly LoggedFile[]): Promise<void> {
  const { lines } = await checkChain(casebook)
  const logged = new Map(lines.map(({ action, item, sha256 }) => [`${action} ${item}`, sha256]))
  for (const file of files) {
    const { action, item, sha256 } = file.entry
    if (logged.get(`${action} ${item}`) === sha256) await giveName(file, true)
    else await rm(file.temporary, { force: true })
  }
}
