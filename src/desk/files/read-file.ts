import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { CasebookError } from './errors.ts'

// Opening a pipe would block for ever; a link could point outside the casebook.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Reads a small file of the casebook; null when it does not exist. Unlike `readBounded`, this
 * allocates no more than the file's length, because thousands of files are read at a time.
 * @throws CasebookError `FILE_DAMAGED` for a file that is longer than `maxBytes`, not a plain file,
 * or unreadable: one bad sector on the disk must not hide the other cases.
 */
export async function readCasebookFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    return await readPlainFile(path, maxBytes)
  } catch (error) {
    if (error instanceof CasebookError) throw error
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    // Too many open files are a fault of this program, not of the file.
    if (code === 'EMFILE' || code === 'ENFILE') throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new CasebookError(
      'FILE_DAMAGED',
      code === 'ELOOP' ? 'is a link and not a file' : `cannot be read (${code})`,
      error,
    )
  }
}

async function readPlainFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, flags)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new CasebookError('FILE_DAMAGED', 'is not a plain file')
    if (stats.size > maxBytes)
      throw new CasebookError('FILE_DAMAGED', `is longer than ${maxBytes} bytes`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** @throws CasebookError `FILE_DAMAGED` without quoting the text. */
export function parseJsonFile(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new CasebookError('FILE_DAMAGED', 'is not JSON in UTF-8')
  }
}
