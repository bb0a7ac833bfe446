import { statSync } from 'node:fs'

/**
 * Remembers which folder a path names now. The returned function says whether the path still names
 * that folder. While a process runs, its folder can be renamed, unmounted, or replaced by a
 * restored copy: whatever is written there by path is lost as soon as the first folder is back.
 */
export function rememberFolder(path: string): () => boolean {
  const remembered = identityOf(path)
  return () => identityOf(path) === remembered
}

/** Null if nothing is there, or if it cannot be examined. */
export function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}
