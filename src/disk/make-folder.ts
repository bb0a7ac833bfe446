import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { syncDirectory } from './dir-sync.ts'

/**
 * Creates a folder and its missing parents, and makes each new name durable: otherwise files synced
 * into a folder could be lost together with the folder's name.
 * @returns the topmost folder that was created; undefined if all existed.
 */
export async function makeFolder(path: string, mode: number): Promise<string | undefined> {
  const made = await mkdir(path, { recursive: true, mode })
  if (made === undefined) return undefined
  const top = resolve(made)
  for (let at = resolve(path); at.length >= top.length; at = dirname(at))
    await syncDirectory(dirname(at))
  return made
}
