// Plain JavaScript: decides whether the bundle of the command line stands for the sources as they
// are now.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Size and time of a file, as text: comparing them for all sources takes two milliseconds, reading
 * all sources would take twenty. Whole seconds, because images keep no more.
 * @param {string} path
 */
export function stateOf(path) {
  const { size, mtimeMs } = statSync(path)
  return `${size} ${Math.floor(mtimeMs / 1000)}`
}

/**
 * Whether every source of the bundle in `root` is unchanged since.
 * @param {string} root
 */
export function isBundleCurrent(root) {
  try {
    const stamp = JSON.parse(readFileSync(join(root, 'dist', 'cli', 'stamp'), 'utf8'))
    return Object.entries(stamp).every(([path, state]) => stateOf(join(root, path)) === state)
  } catch {
    // No bundle, or a source that is gone.
    return false
  }
}
