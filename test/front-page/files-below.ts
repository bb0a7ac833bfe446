import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The paths of all files below a folder, sorted. */
export function filesBelow(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort()
}
