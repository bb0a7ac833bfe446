import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { readAtMost } from '../disk/small-files.ts'
import { CarryError } from './errors.ts'

// Protection against a prepared stick: a pipe would block for ever, and a link could lead to
// another file.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens a plain file of an export.
 * @throws CarryError `NOT_A_FILE` for a link, a folder, a pipe or a device; errors of the disk.
 */
export async function openOnStick(path: string): Promise<FileHandle> {
  const file = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP') throw notAFile('it is a link', error)
    if (error.code === 'ENXIO') throw notAFile('it is a socket or a device', error)
    throw error
  })
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw notAFile('it is a folder, a pipe or a device')
}

/**
 * Like `readBounded`, but for plain files only. @throws CarryError `NOT_A_FILE`; errors of the
 * disk.
 */
export async function readOnStick(path: string, maxBytes: number): Promise<Uint8Array | null> {
  const file = await openOnStick(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  return file === null ? null : await readAtMost(file, maxBytes)
}

function notAFile(what: string, cause?: unknown): CarryError {
  return new CarryError(
    'NOT_A_FILE',
    `${what} and no plain file: look at how this stick was made`,
    cause,
  )
}
