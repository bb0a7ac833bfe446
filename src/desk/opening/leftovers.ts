import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { layoutOf } from '../casebook/layout.ts'

/** Takes away what a run that was stopped left half-made. At once: a signal handler has no later. */
export function removeLeftovers(casebook: string): void {
  const { tips, originals, aside } = layoutOf(casebook)
  for (const folder of [tips, originals]) {
    for (const name of namesIn(folder)) if (name.startsWith('.partial-')) rmSync(join(folder, name), { recursive: true, force: true })
  }
  // Only a run like this writes there.
  for (const name of namesIn(aside)) if (/^\..*\.tmp$/u.test(name)) rmSync(join(aside, name), { force: true })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
