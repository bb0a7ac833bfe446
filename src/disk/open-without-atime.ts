import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { errnoOf } from './errno.ts'

/**
 * Opens a file for reading without leaving the time of it (`atime`): the worker reads each envelope
 * as it comes. Only its owner may ask for that; anybody else leaves the time that the mount allows.
 */
export async function openUnseen(path: string): Promise<FileHandle> {
  try {
    // Linux alone has it.
    return await open(path, constants.O_RDONLY | (constants.O_NOATIME ?? 0))
  } catch (cause) {
    if (errnoOf(cause) !== 'EPERM') throw cause
    return await open(path, 'r')
  }
}
