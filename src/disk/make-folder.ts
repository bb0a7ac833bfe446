import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { syncDirectory } from './dir-sync.ts'

/**
 * Creates a folder and the missing ones above it, and makes each new name durable: what is synced
 * into a folder is lost with it when the folder's own name is.
 * @returns the topmost folder that was created; undefined when there was nothing to create.
 */
export async function makeFolder(path: string, mode: number): Promise<string | undefined> {
  const made = await mkdir(path, { recursive: true, mode })
  if (made === undefined) return undefined
  const top = resolve(made)
  for (let at = resolve(path); at.length >= top.length; at = dirname(at))
    await syncDirectory(dirname(at))
  return made
}
