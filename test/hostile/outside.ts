import { createHash } from 'node:crypto'
import { watch } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** Everything below `root` but `except`: kind, mode, size, time and digest of each. */
export async function pictureOf(root: string, except: string): Promise<Record<string, string>> {
  const picture: Record<string, string> = {}
  const look = async (path: string): Promise<void> => {
    if (path === except) return
    const stats = await lstat(path)
    // A folder that got the casebook put into it has a new time; what is in it is looked at anyway.
    const time = stats.isDirectory() ? '' : stats.mtimeMs
    const content = stats.isFile()
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : stats.isSymbolicLink()
        ? await readlink(path)
        : ''
    picture[relative(root, path)] =
      `${stats.mode} ${stats.isDirectory() ? '' : stats.size} ${time} ${content}`
    if (stats.isDirectory()) for (const name of await readdir(path)) await look(join(path, name))
  }
  await look(root)
  return picture
}

/**
 * Hears of every file that appears, goes or changes below `root`, outside `except`, also one that
 * is gone again.
 */
export function watchOutside(
  root: string,
  except: string,
): { events: string[]; close: () => void } {
  const events: string[] = []
  const inside = relative(root, except)
  const watcher = watch(root, { recursive: true }, (_event, name) => {
    if (name !== null && name !== inside && !name.startsWith(inside + sep)) events.push(name)
  })
  return { events, close: () => watcher.close() }
}
