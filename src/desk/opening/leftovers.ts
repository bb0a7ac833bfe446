import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { layoutOf } from '../files/layout.ts'

/**
 * Takes away what a run that was stopped left half-made. At once: a signal handler has no later.
 */
export function removeLeftovers(casebook: string): void {
  const { tips, originals, aside } = layoutOf(casebook)
  for (const folder of [tips, originals]) {
    for (const name of namesIn(folder))
      if (name.startsWith('.partial-')) removeFromUnder(join(folder, name))
  }
  // Only a run like this writes there.
  for (const name of namesIn(aside))
    if (/^\..*\.tmp$/u.test(name)) rmSync(join(aside, name), { force: true })
}

/**
 * A thread may still be writing there: under another name, it finds no folder for one more file.
 */
function removeFromUnder(path: string): void {
  const elsewhere = `${path}-${process.pid}`
  try {
    renameSync(path, elsewhere)
  } catch (error) {
    // The thread was done with it.
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
