import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { layoutOf } from '../files/layout.ts'

/**
 * Deletes the half-made files of a stopped run. All calls are synchronous, because a signal handler
 * cannot wait.
 */
export function removeLeftovers(casebook: string): void {
  const { tips, originals, aside } = layoutOf(casebook)
  for (const folder of [tips, originals]) {
    for (const name of namesIn(folder))
      if (name.startsWith('.partial-')) removeFromUnder(join(folder, name))
  }
  // Only a run that opens exports writes temporary files in this folder.
  for (const name of namesIn(aside))
    if (/^\..*\.tmp$/u.test(name)) rmSync(join(aside, name), { force: true })
}

/**
 * Renames the folder before deleting it: a thread that is still writing can then create no further
 * file in it.
 */
function removeFromUnder(path: string): void {
  const elsewhere = `${path}-${process.pid}`
  try {
    renameSync(path, elsewhere)
  } catch (error) {
    // The thread has already finished or removed the folder.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  rmSync(elsewhere, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
