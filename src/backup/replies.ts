import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hideDirectoryTime } from '../disk/dir-sync.ts'
import { orNull } from '../disk/errno.ts'
import { isReplyFile, repliesFolder } from '../reply-store/layout.ts'
import type { Clock } from '../time/clock.ts'
import { midnightOf } from '../time/day.ts'
import { digestOf, readPieces, type Tree } from './tree.ts'

/** An attempt fails only if answers were taken in meanwhile, which happens once per trip. */
const maxAttempts = 5

/**
 * Copies the answers. The worker may take in newer ones meanwhile: then the copy would be a mixture
 * of two sets, and is made again.
 */
export async function copyReplies(
  tree: Tree,
  { dataDir, clock }: { dataDir: string; clock: Clock },
): Promise<void> {
  const day = midnightOf(clock.now())
  const folder = join(dataDir, repliesFolder)
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const names = await listNames(folder, day)
    for (const name of names)
      await orNull(
        tree.write({ path: `${repliesFolder}/${name}`, day }, readPieces(join(folder, name))),
      )
    if (await isSame(tree, { folder, names, day })) return
    if (attempt === maxAttempts) return
    for (const name of names) await tree.remove(`${repliesFolder}/${name}`)
  }
}

async function listNames(folder: string, day: Date): Promise<string[]> {
  const names = (await orNull(readdir(folder))) ?? []
  hideDirectoryTime(folder, day)
  return names.filter(isReplyFile).sort()
}

/** Whether the folder still holds exactly what was copied. */
async function isSame(
  tree: Tree,
  { folder, names, day }: { folder: string; names: readonly string[]; day: Date },
): Promise<boolean> {
  if ((await listNames(folder, day)).join() !== names.join()) return false
  for (const name of names)
    if ((await digestOf(join(folder, name))) !== tree.digests.get(`${repliesFolder}/${name}`))
      return false
  return true
}
