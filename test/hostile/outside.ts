import { createHash } from 'node:crypto'
import { watch } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** Kind, mode, size, time and digest of everything below `root` except `except`. */
export async function pictureOf(root: string, except: string): Promise<Record<string, string>> {
  const picture: Record<string, string> = {}
  const look = async (path: string): Promise<void> => {
    if (path === except) return
    const stats = await lstat(path)
    // The time of a folder changes when the casebook is put into it, so it is left out; the
    // folder's entries are compared anyway.
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
 * Reports every file that appears, disappears or changes below `root`, outside `except`, including
 * files that are removed again at once.
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
