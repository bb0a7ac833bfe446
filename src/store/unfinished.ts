import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { midnightOf } from '../time/day.ts'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'

export interface Unfinished {
  /** Does not change while the upload is in progress. */
  name: string
  bytes: number
}

/**
 * Lists everything that is being received and has no receipt: plain uploads in `tmp/<instance>/`,
 * resumable ones in `uploads/`. What a dead process left behind is included.
 */
export async function* listUnfinished(dataDir: string): AsyncGenerator<Unfinished> {
  for await (const instance of namesIn(join(dataDir, 'tmp'))) {
    yield* sizesIn(join(dataDir, 'tmp', instance), (name) => name !== 'owner')
  }
  yield* sizesIn(join(dataDir, 'uploads'), (name) => name.endsWith('.part'))
}

async function* sizesIn(
  dir: string,
  isWanted: (name: string) => boolean,
): AsyncGenerator<Unfinished> {
  for await (const name of namesIn(dir)) {
    if (!isWanted(name)) continue
    const path = join(dir, name)
    const found = await orNull(stat(path))
    if (found?.isFile()) yield { name: path, bytes: found.size }
  }
}

async function* namesIn(dir: string): AsyncGenerator<string> {
  const entries = await orNull(opendir(dir))
  if (entries === null) return
  for await (const { name } of entries) yield name
  // Hides the time of this listing, which would reveal roughly when the last of them came.
  hideDirectoryTime(dir, midnightOf(new Date()))
}
