import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { errnoOf } from './errno.ts'

/**
 * Opens a file for reading without updating its access time (`atime`), which would show when the
 * worker read an envelope that had just arrived. Only the file's owner may use this flag; for other
 * users the mount options decide.
 */
export async function openUnseen(path: string): Promise<FileHandle> {
  try {
    // O_NOATIME exists on Linux only.
    return await open(path, constants.O_RDONLY | (constants.O_NOATIME ?? 0))
  } catch (cause) {
    if (errnoOf(cause) !== 'EPERM') throw cause
    return await open(path, 'r')
  }
}
